"""Who opens parts of the product to others: whoever sells, buys or keeps the books, and only what he may send out himself."""

from erp.kernel.embeds.model import Embed
from erp.kernel.rights import grant_defaults

for role in ("sales", "buyer", "accounts"):
    grant_defaults(role, Embed, "read create update revoke", "own")
