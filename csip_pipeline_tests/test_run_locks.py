"""A run is cut short when the process that held its lock is gone, and not a moment before."""

import signal
import subprocess
import sys

from csip_pipeline import run_locks

HOLD = (
    "import sys, pathlib, time\n"
    "from csip_pipeline import run_locks\n"
    "with run_locks.held(pathlib.Path(sys.argv[1]), 'a'):\n"
    "    print('held', flush=True)\n"
    "    time.sleep(60)\n"
)


def test_a_run_that_never_began_or_is_done_is_not_cut_short(tmp_path):
    assert not run_locks.is_cut_short(tmp_path, "a")
    with run_locks.held(tmp_path, "a"):
        pass
    assert not run_locks.is_cut_short(tmp_path, "a")
    assert list(tmp_path.iterdir()) == []


def test_a_run_whose_process_is_killed_is_cut_short_and_one_under_way_is_not(tmp_path):
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:  # noqa: S603 - ours
        assert process.stdout.readline() == b"held\n"
        while_it_lives = run_locks.is_cut_short(tmp_path, "a")
        process.send_signal(signal.SIGKILL)
        process.wait()

    assert not while_it_lives
    assert run_locks.is_cut_short(tmp_path, "a")
    run_locks.forget(tmp_path, "a")
    assert not run_locks.is_cut_short(tmp_path, "a")
