"""Draw a call sample again: python verify_sample.py manifest.json (its frame lies beside it)."""
import csv, hashlib, json, pathlib, sys

path = pathlib.Path(sys.argv[1])
told = json.loads(path.read_text())["sample"]
content, listed = (path.parent / told["frame"]["file"]).read_bytes(), told["draw"]["rows"]
assert hashlib.sha256(content).hexdigest() == told["frame"]["sha256"], "another frame"
for stratum in told["frame"]["strata"]:
    rows = [r for r in csv.DictReader(content.decode().splitlines()) if r["stratum"] == stratum]
    seed = told["draw"]["seed"] + ("" if stratum == "all" else "/" + stratum)
    hashes = (hashlib.sha256(f"{seed},{i}".encode()).hexdigest() for i in range(1, 9**9))
    numbers, own = [], [r for r in listed if r["stratum"] == stratum]
    while len(numbers) < len(own):
        numbers += {int(next(hashes), 16) % len(rows): 0}.keys() - set(numbers)
    drawn = [rows[n]["reference"] for n in numbers]
    assert drawn == [r["reference"] for r in sorted(own, key=lambda r: r["draw_no"])], stratum
print("The sample is the one that the seed draws.")
