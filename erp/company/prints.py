"""The company's letterhead for every print that has no layout of its own."""

from erp.company.company import Company
from erp.company.letterhead import paper_of
from erp.kernel.change import Work
from erp.kernel.paper.billing import Letterhead
from erp.kernel.paper.files import image_address
from erp.kernel.paper.standard import letterheads
from erp.kernel.text import language


@letterheads
def company_letterhead(work: Work, company_id: int | None) -> Letterhead:
    """Return what the company prints about itself, in the language of the print."""
    company = work.session.get(Company, company_id) if company_id else None
    if company is None:
        return Letterhead("")
    paper = paper_of(company, language())
    return Letterhead(
        paper.name,
        paper.short_name,
        paper.address,
        paper.contact,
        paper.foot,
        paper.tax_number,
        logo=image_address(work, company.logo_file_id),
    )
