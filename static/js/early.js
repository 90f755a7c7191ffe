// Before the first paint: what this browser was set to, so that no page flashes in the other theme.
document.documentElement.dataset.js = ""
try {
  for (const key of ["theme", "density", "nav"]) if (localStorage[key]) document.documentElement.dataset[key] = localStorage[key]
} catch { /* storage may be forbidden; the page works without */ }
