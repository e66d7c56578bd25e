"""What an edition gave away, kept for the audits of later ones."""

import json

from csip_pipeline.publish.disclosure.quantities import Published, Statement, Sum


def as_json(published: Published) -> bytes:
    """An edition's statement. It holds what the edition hides, so it is not for the public."""
    said = published.statement
    quantities = sorted(said.values)
    places = {quantity: place for place, quantity in enumerate(quantities)}
    kept = {
        "quantities": quantities,
        "values": [int(said.values[quantity]) for quantity in quantities],
        "shown": sorted(places[quantity] for quantity in said.shown),
        "hidden": sorted(places[quantity] for quantity in published.hidden),
        "sums": sorted(
            [places[one.total], *sorted(places[part] for part in one.parts)] for one in said.sums
        ),
    }
    return json.dumps(kept, separators=(",", ":")).encode()


def from_json(content: bytes) -> Published:
    """An edition's statement as it was kept."""
    kept = json.loads(content)
    quantities = [tuple(map(str, quantity)) for quantity in kept["quantities"]]
    return Published(
        Statement(
            values=dict(zip(quantities, kept["values"], strict=True)),
            shown=frozenset(quantities[place] for place in kept["shown"]),
            sums=tuple(
                Sum(quantities[total], tuple(quantities[part] for part in parts))
                for total, *parts in kept["sums"]
            ),
        ),
        frozenset(quantities[place] for place in kept["hidden"]),
    )
