"""Parts of the product on other sites: one document, list, report or form behind a signed address, and nothing else."""
