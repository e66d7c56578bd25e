"""How every table of a pack is traced: one that is not declared here has no trail."""

from csip_pipeline.publish.tracing.declared_calls import CALLS
from csip_pipeline.publish.tracing.declared_channels import CHANNELS
from csip_pipeline.publish.tracing.declared_panel import PANEL
from csip_pipeline.publish.tracing.declared_promises import PROMISES
from csip_pipeline.publish.tracing.declared_trends import TRENDS
from csip_pipeline.publish.tracing.declaring import Traced

TRACED: dict[str, Traced] = {**CALLS, **CHANNELS, **PROMISES, **PANEL, **TRENDS}
"""By the name of the table."""
