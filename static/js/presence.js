// Who else has this document open, and in which field. The hints carry ids; names are fetched like any other fragment.
{
  const { $, $$ } = erp
  const me = +document.body.dataset.user, doc = () => $("#doc[data-topic][data-id]"), people = {}
  let there = [], field = null, timer = 0, said = 0

  function say() {
    if (!doc()) return
    said = Date.now()
    erp.send("here", { ...erp.topicOf(doc().dataset.topic), field })
  }
  // A line that is not saved yet has a name of this page alone: others are told of the lines.
  const nameOf = el => el?.closest?.("#doc-form") && el.name && !el.name.startsWith("_") ? el.name.replace(/\.n\d.*/, "") : null
  function move() {
    const now = nameOf(document.activeElement)
    if (now === field) return
    field = now
    // Who runs through the fields is told of four times a second.
    clearTimeout(timer)
    timer = setTimeout(say, said + 250 - Date.now())
  }
  for (const name of ["focusin", "focusout"]) document.addEventListener(name, () => setTimeout(move))

  async function names() {
    const answer = await fetch(`${doc().getAttribute("hx-get")}/viewers`, { headers: { "HX-Request": "true" } }).catch(() => null)
    if (!answer?.ok) return
    const page = new DOMParser().parseFromString(await answer.text(), "text/html")
    for (const el of $$("[data-user]", page)) people[el.dataset.user] = el
  }

  const control = path => [path, `${path}.id`].map(name => $("#doc-form")?.elements[name]).find(el => el?.nodeType)
  function words({ id, field }) {
    const el = field && control(field), { in: at, reading } = people[id].dataset
    const label = el && (el.labels?.[0]?.textContent || el.getAttribute("aria-label"))
    return label ? at.replace("{field}", label.trim()) : reading
  }
  function avatar(one, text) {
    const el = people[one.id].cloneNode(true).firstElementChild
    el.removeAttribute("aria-hidden")
    el.setAttribute("role", "img")
    el.setAttribute("aria-label", text)
    el.title = text
    return el
  }
  function more(count) {
    const el = document.createElement("span")
    Object.assign(el, { className: "av", title: `+${count}` }).dataset.i = el.title
    return el
  }
  function mark(one) {
    const el = one.field && control(one.field), place = el?.closest(".f, td")
    if (!place) return
    const who = $(".who", place) || place.appendChild(Object.assign(document.createElement("span"), { className: "who" }))
    place.classList.add("held")
    who.append(avatar(one, words(one)), place.matches(".f") ? people[one.id].dataset.short : "")
  }
  function show() {
    const known = there.filter(one => people[one.id]), box = $("#presence-box")
    $$("#doc-form .who").forEach(el => el.remove())
    $$("#doc-form .held").forEach(el => el.classList.remove("held"))
    if (!box) return
    const rest = known.length - 4
    $("#viewers").replaceChildren(...known.slice(0, 4).map(one => avatar(one, words(one))), ...(rest > 0 ? [more(rest)] : []))
    box.hidden = !known.length
    $("#presence").replaceChildren(...known.map(one => Object.assign(document.createElement("li"), { textContent: words(one) })))
    known.forEach(mark)
  }

  erp.on("presence", async ({ kind, id, users }) => {
    const own = doc() && erp.topicOf(doc().dataset.topic)
    if (own?.kind !== kind || own.id !== id) return
    there = users.filter(one => one.id !== me)
    if (there.some(one => !people[one.id])) await names()
    show()
  })
  erp.on("watching", say)
  erp.on("lost", () => { there = []; show() })
  // The timers of a page that is not looked at may be slow; the server's beat wakes them.
  erp.on("beat", say)
  setInterval(say, 10000)
  document.addEventListener("htmx:after:swap", () => show())

  // What writing needs is fetched when somebody begins to write, or drags a file here.
  const talk = () => { document.head.append(Object.assign(document.createElement("script"), { src: $(".rail").dataset.talk })); for (const name of begins) document.removeEventListener(name, begun, true) }
  const begins = ["focusin", "dragenter", "toggle"]
  const begun = event => event.target.closest?.("#say-form, #timeline, .rail") && (event.type !== "focusin" || event.target.matches("textarea")) && talk()
  for (const name of begins) document.addEventListener(name, begun, true)
}
