"""Opens reports in a real browser and uses them as people do: with a pointer, with a keyboard, on a telephone, in the dark.

    browser.py DIRECTORY

The directory holds `default.html`, `hostile.html` and other reports; every `*.html` in it is looked at. Prints what is wrong,
a line each, and fails if anything is.
"""

import pathlib
import re
import sys

from playwright.sync_api import Error, sync_playwright

BROWSER = "/usr/bin/chromium"
WIDTHS = (360, 800, 1600)
SCHEMES = ("light", "dark")

faults = []
done = 0


def expect(condition, message):
    global done
    done += 1
    if not condition:
        faults.append(message)


def opened(browser, page_file, width=1280, scheme="light", script=True):
    """A page, and the list in which what it should not do is collected."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=script)
    page = context.new_page()
    page.set_default_timeout(5000)
    wrong = []
    page.on("console", lambda message: wrong.append(f"console {message.type}: {message.text}"))
    page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
    page.on("request", lambda request: request.url != page_file.as_uri() and wrong.append(f"request: {request.url}"))
    page.goto(page_file.as_uri())
    return page, wrong


# Colours as people see them: what is behind a text is the nearest background that is not transparent.
CONTRAST = """() => {
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const parse = (text) => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = text; canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data; return [r, g, b, a / 255];
  };
  const over = (top, below) => [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
  const behind = (element) => {
    const layers = [];
    for (let one = element; one; one = one.parentElement) layers.push(parse(getComputedStyle(one).backgroundColor));
    let colour = parse(getComputedStyle(document.documentElement).colorScheme.includes('dark') ? '#121212' : '#fff');
    for (const layer of layers.reverse()) colour = over(layer, colour);
    return colour;
  };
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255).map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ratio = (a, b) => { const [x, y] = [light(a), light(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05); };
  const found = [];
  const say = (element, colour, back, text) => {
    const r = ratio(over(colour, back), back);
    if (r < 4.5) found.push(`${element.tagName}.${element.getAttribute('class') || ''} "${text.trim().slice(0, 30)}": ${r.toFixed(2)}`);
  };
  for (const element of document.querySelectorAll('body *')) {
    if (element.closest('script, style, [hidden], :disabled') || !element.checkVisibility()) continue;
    const text = [...element.childNodes].filter((n) => n.nodeType === 3).map((n) => n.textContent).join('');
    if (!text.trim()) continue;
    if (element.closest('svg')) {
      if (!['text', 'tspan'].includes(element.tagName)) continue;
      const group = element.closest('g');
      const box = group && group.querySelector(':scope > rect');
      let back = behind(element.closest('svg').parentElement);
      if (box) { const fill = parse(getComputedStyle(box).fill); back = over(fill, back); }
      say(element, parse(getComputedStyle(element).fill), back, text);
    } else {
      say(element, parse(getComputedStyle(element).color), behind(element), text);
    }
  }
  return [...new Set(found)];
}"""

OVERFLOW = """() => {
  const room = document.documentElement.clientWidth;
  const inside = '.scroll, pre, nav, .body, .steps, .visually-hidden, .skip, svg';
  const wide = [...document.querySelectorAll('body *')].filter((e) => e.checkVisibility() && !e.closest(inside) && e.getBoundingClientRect().right > room + 1);
  return {by: document.documentElement.scrollWidth - room, wide: wide.slice(0, 5).map((e) => `${e.tagName}.${e.className}`)};
}"""

# Of every box of a picture: is each of its texts inside it?
CLIPPED = """() => {
  const found = [];
  const within = (text, rect, what) => {
    const [t, r] = [text.getBBox(), rect.getBBox()];
    if (t.x < r.x - 1 || t.y < r.y - 1 || t.x + t.width > r.x + r.width + 1 || t.y + t.height > r.y + r.height + 1)
      found.push(`${what} "${text.textContent}": ${t.x.toFixed(0)}..${(t.x + t.width).toFixed(0)} in ${r.x.toFixed(0)}..${(r.x + r.width).toFixed(0)}`);
  };
  for (const group of document.querySelectorAll('svg g')) {
    const rect = group.querySelector(':scope > rect');
    if (!rect) continue;
    for (const text of group.querySelectorAll(':scope > text')) within(text, rect, group.getAttribute('class'));
  }
  for (const svg of document.querySelectorAll('svg')) {
    const [, , width, height] = svg.getAttribute('viewBox').split(' ').map(Number);
    for (const text of svg.querySelectorAll('text')) {
      const t = text.getBBox();
      if (t.x < 0 || t.y < 0 || t.x + t.width > width || t.y + t.height > height) found.push(`outside the picture: "${text.textContent}"`);
    }
  }
  return found;
}"""


def looks(browser, file):
    """In both schemes and at all widths: nothing is asked for, nothing sticks out, everything can be read."""
    for width in WIDTHS:
        for scheme in SCHEMES:
            page, wrong = opened(browser, file, width, scheme)
            where = f"{file.name} at {width}, {scheme}"
            for fault in page.evaluate(CONTRAST):
                expect(False, f"{where}: contrast: {fault}")
            overflow = page.evaluate(OVERFLOW)
            expect(overflow["by"] <= 0, f"{where}: the page is {overflow['by']} pixels too wide: {overflow['wide']}")
            background = page.evaluate("getComputedStyle(document.body).backgroundColor")
            dark = sum(int(v) for v in re.findall(r"\d+", background)[:3]) < 200
            expect(dark == (scheme == "dark"), f"{where}: the background is {background}")
            expect(not wrong, f"{where}: {wrong}")
            page.context.close()


def pictures(browser, file):
    """Every picture at three sizes, alone on a page with its own style."""
    page, _ = opened(browser, file)
    found = page.evaluate("[...document.querySelectorAll('svg')].map((svg) => svg.outerHTML)")
    style = page.evaluate("document.querySelector('style').textContent")
    page.context.close()
    expect(found, f"{file.name}: there are no pictures")
    for width in (400, 1200, 2000):
        for scheme in SCHEMES:
            context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
            page = context.new_page()
            page.set_content(f"<style>{style}</style>" + "".join(f"<div class='picture'>{svg}</div>" for svg in found))
            for fault in page.evaluate(CLIPPED):
                expect(False, f"{file.name} at {width}, {scheme}: text outside its box: {fault}")
            wide = page.evaluate("[...document.querySelectorAll('svg')].filter((s) => s.getBoundingClientRect().right > innerWidth).length")
            expect(wide == 0, f"{file.name} at {width}: {wide} fitted pictures are wider than the page")
            context.close()


def panels(page):
    """The names of the parts of the details that are shown."""
    return [text.split("\n")[0] for text in page.locator("#detail details > summary").all_inner_texts()]


def clicks(browser, file):
    """A click on a state shows its input, its output and the item that it wrote."""
    page, wrong = opened(browser, file)
    page.locator('[data-state="PutObject"]').click()
    heading = page.locator("#detail h4").inner_text()
    expect(heading.startswith("PutObject"), f"a click on PutObject shows {heading}")
    shown = " | ".join(panels(page))
    for part in ("Item written", "Input", "Parameters", "Output", "Definition"):
        expect(part in shown, f"PutObject shows no {part}: {shown}")
    item = page.locator("#detail [data-item]").inner_text()
    for part in ("FilesTable: item added", "fileName", "photos/cat.jpg", "48213"):
        expect(part in item, f"the item written has no {part}: {item}")
    expect("ConditionExpression" in page.locator("#detail").inner_text(), "PutObject shows no request")
    pressed = page.locator('[data-state][aria-pressed="true"]').evaluate_all("all => all.map(one => one.dataset.state)")
    expect(pressed == ["PutObject"], f"marked in the picture: {pressed}")
    # A state where this execution never comes.
    page.locator('[data-state="EventIgnored"]').click()
    expect("does not reach this state" in page.locator("#detail").inner_text(), "EventIgnored is shown as if it had run")
    # From the permissions to the state.
    page.locator('#permissions [data-goto="Query"]').click()
    expect(page.locator("#detail h4").inner_text().startswith("Query"), "a state in the permissions leads nowhere")
    page.locator("#scenario").select_option(label="An event is delivered twice")
    page.locator("#stepper .executions button").nth(1).click()
    page.locator('[data-state="UpdateObject"]').click()
    detail = page.locator("#detail").inner_text()
    expect("ConditionalCheckFailedException" in detail, "the refused update shows no error")
    expect("item unchanged" in detail, "the refused update does not say that the item stays")
    expect("FilesTable after the scenario" in page.locator("#stepper").inner_text(), "the table is not shown")
    expect(not wrong, f"clicks: {wrong}")
    page.context.close()


def focused(page):
    return page.evaluate("document.activeElement.dataset.state || document.activeElement.id || document.activeElement.textContent.trim()")


def keyboard(browser, file):
    """Everything without a pointer: from the top of the page to the last step, in an order that makes sense."""
    page, wrong = opened(browser, file)
    page.keyboard.press("Tab")
    expect(focused(page) == "Skip to the content", f"the first stop is {focused(page)}")
    page.keyboard.press("Enter")
    seen = []
    for _ in range(60):
        page.keyboard.press("Tab")
        seen.append(focused(page))
        outline = page.evaluate(
            "(() => { const e = document.activeElement, s = getComputedStyle(e), b = e.querySelector(':scope > .bb-box');"
            " return parseFloat(s.outlineWidth) >= 2 && s.outlineStyle !== 'none' || b && parseFloat(getComputedStyle(b).strokeWidth) >= 3; })()"
        )
        expect(outline, f"the focus on {seen[-1]} cannot be seen")
        if seen[-1] == "next":
            break
    expect("Query" in seen and "scenario" in seen and seen.index("Query") < seen.index("scenario") < seen.index("next"), f"the order of the stops: {seen}")
    names = []
    for step in range(1, 5):
        position = page.locator("#position").inner_text()
        expect(position == f"Step {step} of 4", f"after {step - 1} times Enter: {position}")
        names.append(page.locator("#detail h4").evaluate("h => h.firstChild.textContent"))
        live = page.locator("#live").inner_text()
        expect(names[-1] in live, f"what is read out is {live!r}, and not {names[-1]}")
        if step < 4:
            page.keyboard.press("Enter")
    expect(names == ["Query", "ObjectExists", "PutObject", "ObjectAdded"], f"the steps are {names}")
    expect(focused(page) == "previous", f"at the end the focus is on {focused(page)}")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#position").inner_text() == "Step 3 of 4", "the left arrow does not go back")
    # The list of steps is one stop, and arrows move in it.
    page.locator("#stepper .steps [aria-current]").focus()
    page.keyboard.press("Home")
    expect(focused(page) == "Query" and page.locator("#position").inner_text() == "Step 1 of 4", "Home does not go to the first step")
    page.keyboard.press("ArrowDown")
    expect(focused(page) == "ObjectExists", f"the down arrow goes to {focused(page)}")
    # The picture is one stop too.
    page.locator('[data-state][tabindex="0"]').focus()
    page.keyboard.press("ArrowDown")
    chosen = focused(page)
    page.keyboard.press("Enter")
    heading = page.locator("#detail h4").inner_text()
    expect(heading.startswith(chosen), f"Enter on {chosen} shows {heading}")
    stops = page.locator('[data-state][tabindex="0"]').count()
    expect(stops == 1, f"{stops} states are stops of Tab")
    # A scenario, by its first letters.
    page.locator("#scenario").focus()
    page.keyboard.type("An older")
    page.keyboard.press("Enter")
    expect("late" in page.locator(".happens").inner_text(), "a scenario cannot be chosen by its name")
    expect(not wrong, f"keyboard: {wrong}")
    page.context.close()


def sliders(browser, file):
    """The bill follows the sliders."""
    page, wrong = opened(browser, file)
    if not page.locator("#cost").count():
        expect(False, f"{file.name} has no bill")
        return
    total = lambda: float(re.sub(r"[^0-9.]", "", page.locator("#total").inner_text()))
    before = total()
    plain, _ = opened(browser, file, script=False)
    expect(plain.locator("#total").inner_text() == page.locator("#total").inner_text(), "the script works out another bill than the command")
    plain.context.close()
    expect(before > 0, f"the bill is {before}")
    slider = page.locator("#cost input[type=range]").first
    slider.focus()
    page.keyboard.press("Home")
    least = total()
    page.keyboard.press("End")
    most = total()
    expect(least < before < most, f"the bill is {least}, {before}, {most} from left to right")
    rows = page.locator("#bill tbody .amount[data-usd]").evaluate_all("all => all.reduce((sum, one) => sum + Number(one.dataset.usd), 0)")
    expect(abs(rows - most) < 0.02 + most * 0.001, f"the lines come to {rows}, the total to {most}")
    expect(page.locator("#cost output").first.inner_text().strip() != "", "the slider does not say its value")
    expect(slider.get_attribute("aria-valuetext"), "the slider's value is not read out in words")
    expect(not wrong, f"sliders: {wrong}")
    page.context.close()


def without_script(browser, file):
    """Without a script there is everything that can be there."""
    page, wrong = opened(browser, file, script=False)
    text = page.locator("main").inner_text()
    for part in ("FilesTable", "Query → ObjectExists → PutObject → ObjectAdded", "dynamodb:PutItem", "SUCCEEDED"):
        expect(part in text, f"without a script there is no {part}")
    expect(page.locator("svg").count() >= 2, "without a script there are no pictures")
    expect(not wrong, f"without a script: {wrong}")
    page.context.close()


def headings(browser, file):
    """Headings have levels without gaps, ids are there once, pictures and regions have names."""
    page, _ = opened(browser, file)
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].filter(h => h.checkVisibility()).map(h => Number(h.tagName[1]))")
    expect(levels[:1] == [1] and levels.count(1) == 1, f"{file.name}: headings {levels}")
    expect(all(b - a <= 1 for a, b in zip(levels, levels[1:])), f"{file.name}: a level of headings is left out: {levels}")
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
    expect(len(ids) == len(set(ids)), f"{file.name}: ids are there twice: {sorted(i for i in set(ids) if ids.count(i) > 1)}")
    for selector in ("[role=region]", "svg[role]", "nav", "input", "select"):
        unnamed = page.evaluate(
            "(s) => [...document.querySelectorAll(s)].filter(e => !(e.ariaLabel || e.getAttribute('aria-label')"
            " || (e.getAttribute('aria-labelledby') || '').split(' ').some(i => document.getElementById(i)) || e.labels && e.labels.length)).length",
            selector,
        )
        expect(unnamed == 0, f"{file.name}: {unnamed} {selector} have no name")
    page.context.close()


def hostile(browser, file):
    """Names that would be markup are texts."""
    page, wrong = opened(browser, file)
    expect(page.evaluate("window.pwned") is None, "a name of the template ran as a script")
    expect(page.locator("#detail h4").count() == 1, "the page of the hostile stack does not work")
    for group in page.locator("[data-state]").all():
        group.dispatch_event("click")
    expect(page.evaluate("window.pwned") is None, "a name of a state ran as a script")
    expect(page.locator("img, iframe, b").count() == 0, "a name became an element")
    expect("</script>" in page.locator("body").inner_text(), "the hostile name is not shown")
    expect(not wrong, f"hostile: {wrong}")
    page.context.close()


def tried(check, browser, file):
    """A check that finds nothing to click on has failed, and the others go on."""
    try:
        check(browser, file)
    except Error as error:
        expect(False, f"{check.__name__} of {file.name}: {error.message.splitlines()[0]}")


def main():
    directory = pathlib.Path(sys.argv[1]).resolve()
    files = sorted(directory.glob("*.html"))
    default = directory / "default.html"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        for file in files:
            for check in (looks, pictures, headings):
                tried(check, browser, file)
        for check in (clicks, keyboard, sliders, without_script):
            tried(check, browser, default)
        tried(hostile, browser, directory / "hostile.html")
        browser.close()
    for fault in faults:
        print(fault)
    print(f"{len(files)} pages, {done} expectations, {len(faults)} faults")
    sys.exit(1 if faults or not done else 0)


if __name__ == "__main__":
    main()
