"""The addresses of what a print is handed by name; known without loading the renderer, which costs 50 MB."""

ASSET = "erp-asset:"
