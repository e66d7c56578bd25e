"""A synthetic police force: its residents, its queues and the extracts its suppliers would send.

Nobody in it is real. The same arguments always write the same bytes.
"""

from csip_pipeline.demo.series import make

__all__ = ["make"]
