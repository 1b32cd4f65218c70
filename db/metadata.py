"""What every table is written with. Money is numeric(24,3) beside the claim's currency."""

from sqlalchemy import DateTime, MetaData, Numeric, text
from sqlalchemy.dialects import postgresql

metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pk",
        "fk": "%(table_name)s_%(column_0_name)s_fk",
        "ix": "%(table_name)s_%(column_0_N_name)s_ix",
        "uq": "%(table_name)s_%(column_0_N_name)s_uq",
    }
)
JSONB = postgresql.JSONB(none_as_null=True)  # no value is NULL, never the JSON null
INSTANT = DateTime(timezone=True)
MONEY = Numeric(24, 3)
EMPTY_LIST = text("'[]'::jsonb")
EMPTY = text("'{}'::jsonb")
NO_TEXTS = text("'{}'::text[]")
