"""One program asked again and again answers like SciPy's, which makes it anew, and says nothing."""

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.sparse import csr_array

from csip_pipeline.publish.disclosure.programs import Program

SUMS = csr_array(np.array([[1.0, 1, -1, 0, 0], [0, 1, 0, 1, -1]]))
ANY = np.zeros(5), np.full(5, np.inf)


def test_one_program_asked_again_answers_like_one_made_anew():
    rng = np.random.default_rng(7)
    program = Program(SUMS, np.array([3.0, 5]))
    for _ in range(200):
        goal, upper = rng.integers(-3, 9, 5).astype(float), rng.integers(3, 20, 5).astype(float)
        anew = linprog(goal, A_eq=SUMS, b_eq=[3, 5], bounds=np.column_stack([np.zeros(5), upper]))
        answer = program.least(goal, np.zeros(5), upper)
        assert (answer.solution is None) == (anew.status != 0)
        if answer.solution is not None:
            assert goal @ answer.solution == pytest.approx(anew.fun)
            assert SUMS @ answer.solution == pytest.approx([3, 5])


def test_what_has_no_least_and_what_cannot_be_are_told_apart():
    program = Program(SUMS, np.array([3.0, 5]))

    assert program.least(np.array([-1.0, 0, 0, 0, 0]), *ANY).is_unbounded
    impossible = program.least(np.zeros(5), np.zeros(5), np.zeros(5))
    assert impossible.solution is None
    assert not impossible.is_unbounded


def test_a_solver_prints_nothing_among_what_a_command_says(capfd):
    Program(SUMS, np.array([3.0, 5])).least(np.ones(5), *ANY)

    assert capfd.readouterr() == ("", "")
