"""Versions of kinds: a number for each kind and company that grows with every change of a record."""

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from erp.kernel.records.base import Base
from erp.kernel.records.types import Choice

SETUP = "$setup"
"""Stands for all kinds that are set up once and read often (``__setup__``)."""


class KindVersion(Base):
    """How often records of a kind have changed in a company (0: in none)."""

    __tablename__ = "kind_version"

    kind: Mapped[Choice] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(BigInteger)
