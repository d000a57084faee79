"""What a person may submit about notices: a file of them."""

from fastapi import UploadFile
from pydantic import Field

from marketplace.core.forms import Form


class Uploading(Form):
    file: UploadFile = Field(
        title="A file of notices",
        description="JSON in the Open Contracting format (OCDS 1.1), as Find a Tender, "
        "Contracts Finder or Sell2Wales publish it. It may be 500 MB large.",
        json_schema_extra={"accept": ".json,application/json"},
    )
