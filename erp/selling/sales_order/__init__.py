"""A sales order: what a customer wants, at which price, by when; approved above the company's limit, then invoiced."""
