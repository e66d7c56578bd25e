"""The calls that could be drawn, those drawn, and what is public of the draw, as tables."""

import pandera.pandas as pa

from csip_pipeline.promises import Claim, Day, Promise, Text, Whole
from csip_pipeline.reference.tables import REASON_GROUPS

ARMS = ["random", "targeted"]
STATES = ["sampled", "reserve", "withdrawn"]
WHOLE_FRAME = "all"
"""The stratum of a frame that was not divided."""


class CallFrame(Promise):
    """One row per call that the panel could be given: the frame, as it was frozen.

    It stands in the last month of its cycle. row_no and reference are public; contact_id is not.
    reason_group and is_avoidable are as the handler coded the call when the frame was frozen, not
    as a later correction has it; is_avoidable is null where nobody recorded a reason.
    """

    month: Day
    cycle: Text
    row_no: Whole = pa.Field(ge=1)
    reference: Text
    stratum: Text
    contact_id: Text
    reason_group: Text = pa.Field(isin=REASON_GROUPS)
    is_avoidable: Claim = pa.Field(nullable=True)


class CallSample(Promise):
    """One row per call drawn, reserves among them, and per call chosen on purpose (targeted).

    It stands in the last month of its cycle. Never pool the two arms: only the random one speaks
    for all calls. draw_no is the call's place in its stratum's draw, null for a targeted call. A
    reserve becomes sampled when it takes the place of a withdrawn call (stands_for, its sample_no).
    """

    month: Day
    cycle: Text
    sample_no: Whole = pa.Field(ge=1)
    arm: Text = pa.Field(isin=ARMS)
    stratum: Text
    draw_no: Whole = pa.Field(nullable=True, ge=1)
    reference: Text
    contact_id: Text
    state: Text = pa.Field(isin=STATES)
    withdrawn_because: Text = pa.Field(nullable=True)
    stands_for: Whole = pa.Field(nullable=True, ge=1)


class CallDraws(Promise):
    """One row per cycle of which a frame is frozen: what anybody needs to draw its calls again.

    It stands in the last month of its cycle. frame_sha256 is of the public frame, which was
    published before there was a seed. seed, drawn and reserves are null until the draw.
    """

    month: Day
    cycle: Text
    frame_calls: Whole = pa.Field(ge=1)
    frame_sha256: Text
    strata: Whole = pa.Field(ge=1)
    seed: Text = pa.Field(nullable=True)
    drawn: Whole = pa.Field(nullable=True, ge=1)
    reserves: Whole = pa.Field(nullable=True, ge=0)
