"""harmonise.people: whom each pseudonym stands for. It lives in the restricted store only."""

import pandera.pandas as pa

from csip_pipeline.monthly_tables import Table
from csip_pipeline.promises import Day, Promise, Text


class People(Promise):
    """One row per person, kind of contact point and month in which they were in touch. Restricted.

    A pseudonym belongs to a contact point, not to a human being: somebody who rings from two
    telephones is two people here.
    """

    month: Day
    person_key: Text
    kind: Text = pa.Field(isin=["phone", "email", "handle"])
    contact_point: Text


TABLE = Table("harmonise.people", People, ("harmonise/people",))
