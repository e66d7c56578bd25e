"""Strict JSON objects out of a line of text: what the standard leaves open is refused as well."""

import json
import re

LONGEST = 1_000_000
"""Characters of one object: Amazon's largest record is 1 MB."""
DEEPEST = 64
MOST_TRIES = 1_000
"""So many places of one line are tried as the next object's beginning, after a broken one."""

STRICT = "is not one JSON object written strictly (cut off, NaN, or a sign too many or too few)"
TWICE = "gives the same name twice, so nothing says which value holds"
DEEP = f"holds values nested more than {DEEPEST} deep"
LONG = f"is longer than {LONGEST:,} characters"
HALF = "holds half a character (a surrogate without its other half)"

WHITE = " \t\r\n"
SPACE = re.compile(f"[{WHITE}]*")
NEXT_OBJECT = re.compile(rf"\}}[{WHITE}]*(?=\{{)")
SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


class FaultError(ValueError):
    """What is wrong with an object, as a promise that it breaks."""


class Number(str):
    """A number as it was written: text that stands without quotation marks."""

    __slots__ = ()


def _no_constant(_: str) -> object:
    raise FaultError(STRICT)


def _each_name_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    named = dict(pairs)
    if len(named) != len(pairs):
        raise FaultError(TWICE)
    return named


def _decoder(number: type[str]) -> json.JSONDecoder:
    return json.JSONDecoder(
        object_pairs_hook=_each_name_once,
        parse_float=number,
        parse_int=number,
        parse_constant=_no_constant,
    )


_READ = _decoder(str).raw_decode
_READ_NUMBERS = _decoder(Number).raw_decode


def first_object(line: str, at: int) -> tuple[dict[str, object], int]:
    """The object that begins here, its numbers as text, and where it ends.

    Nothing but white space may stand between it and the next object, or the line's end. Raises
    FaultError with what is wrong.
    """
    if line[at] != "{":
        raise FaultError(STRICT)
    try:
        named, end = _READ(line, at)
    except FaultError:
        raise
    except RecursionError:
        raise FaultError(DEEP) from None
    except ValueError:
        raise FaultError(STRICT) from None
    after = after_space(line, end)
    if after < len(line) and line[after] != "{":
        raise FaultError(STRICT)
    if end - at > LONGEST:
        raise FaultError(LONG)
    if line.count("{", at, end) + line.count("[", at, end) > DEEPEST and _is_deep(named):
        raise FaultError(DEEP)
    if SURROGATE.search(line, at, end):
        try:
            json.dumps(named, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            raise FaultError(HALF) from None
    return named, end


def with_numbers(line: str, at: int) -> object:
    """The object that begins here, known to be one, its numbers told from its texts."""
    return _READ_NUMBERS(line, at)[0]


def next_object(line: str, at: int) -> int:
    """Where, after a broken object, the next one that can be read begins; else the line's end."""
    for tries, found in enumerate(NEXT_OBJECT.finditer(line, at)):
        if tries == MOST_TRIES:
            break
        try:
            first_object(line, found.end())
        except FaultError:
            continue
        return found.end()
    return len(line)


def after_space(line: str, at: int) -> int:
    """The first place from here on without JSON's white space."""
    if at < len(line) and line[at] in WHITE:
        found = SPACE.match(line, at)
        return found.end() if found else at
    return at


def compact(value: object) -> str:
    """A value as JSON without spaces, its numbers as they were written."""
    if isinstance(value, dict):
        inner = (f"{compact(name)}:{compact(one)}" for name, one in value.items())
        return "{" + ",".join(inner) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(compact, value)) + "]"
    return str(value) if isinstance(value, Number) else json.dumps(value, ensure_ascii=False)


def _is_deep(named: dict[str, object]) -> bool:
    level: list[object] = [named]
    for _ in range(DEEPEST + 1):
        level = [inner for outer in level for inner in _within(outer)]
        if not level:
            return False
    return True


def _within(outer: object) -> list[object]:
    inner = outer.values() if isinstance(outer, dict) else outer if isinstance(outer, list) else ()
    return [one for one in inner if isinstance(one, dict | list)]
