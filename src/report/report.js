"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const byId = (id) => document.getElementById(id);

  /** An element with attributes and children. Texts become texts, never markup. */
  function make(tag, attributes, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (name === "onclick") element.addEventListener("click", value);
      else if (value === true) element.setAttribute(name, "");
      else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
    }
    for (const child of children.flat(Infinity)) {
      if (child !== null && child !== undefined && child !== false) element.append(child);
    }
    return element;
  }
  const plural = (count, what) => (count === 1 ? `1 ${what}` : `${count} ${what}s`);
  const seconds = (time) => {
    if (time === 0) return "0 s";
    if (time < 60) return `${Number(time.toFixed(2))} s`;
    if (time < 3600) return `${Number((time / 60).toFixed(1))} min`;
    return `${Number((time / 3600).toFixed(1))} h`;
  };

  /* JSON, a line a value. Beside another value, lines that it does not have are marked, and what both have is folded. */
  function json(value, before) {
    const box = make("pre", { class: "json", tabindex: "0" });
    const line = (isNew, parts) => {
      const span = make("span", isNew ? { class: "new" } : {}, parts);
      box.append(span, "\n");
    };
    const token = (kind, text) => make("span", { class: kind }, text);
    const leaf = (v) => {
      if (typeof v === "string") return token("s", JSON.stringify(v));
      if (typeof v === "number") return token("n", String(v));
      return token("l", String(v));
    };
    const compare = before !== undefined;
    const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
    const inner = (b, key) => (b !== null && typeof b === "object" && Object.hasOwn(b, key) ? b[key] : undefined);
    function write(v, b, indent, head, tail) {
      const pad = "  ".repeat(indent);
      const fresh = compare && !same(v, b);
      const whole = compare && b === undefined;
      if (v === null || typeof v !== "object") return line(fresh, [pad, ...head, leaf(v), tail]);
      const isList = Array.isArray(v);
      const [open, close] = isList ? "[]" : "{}";
      const entries = Object.entries(v);
      if (entries.length === 0) return line(fresh, [pad, ...head, open + close + tail]);
      if (compare && !fresh && indent > 0) {
        return line(false, [pad, ...head, open, make("span", { class: "fold" }, " as in the input "), close + tail]);
      }
      line(whole, [pad, ...head, open]);
      entries.forEach(([key, one], at) => {
        const name = isList ? [] : [token("k", JSON.stringify(key)), ": "];
        write(one, inner(b, key), indent + 1, name, at + 1 < entries.length ? "," : "");
      });
      line(whole, [pad, close + tail]);
    }
    write(value, before, 0, [], "");
    return box;
  }

  /** A part of the details that can be closed; whether it is, is kept from step to step. */
  const closed = new Set(["Definition"]);
  function panel(name, note, ...body) {
    const element = make(
      "details",
      { class: "panel", open: !closed.has(name) },
      make("summary", {}, name, note ? make("span", { class: "quiet" }, ` ${note}`) : null),
      body,
    );
    element.addEventListener("toggle", () => (element.open ? closed.delete(name) : closed.add(name)));
    for (const box of element.querySelectorAll(".json")) {
      box.setAttribute("role", "region");
      box.setAttribute("aria-label", name);
    }
    return element;
  }

  /* An attribute's value without its type, where that can be seen all the same. */
  function plain(value) {
    if (value === undefined) return "";
    const keys = value !== null && typeof value === "object" ? Object.keys(value) : [];
    if (keys.length === 1 && ["S", "N"].includes(keys[0]) && typeof value[keys[0]] === "string") return value[keys[0]];
    if (keys.length === 1 && keys[0] === "BOOL") return String(value.BOOL);
    return typeof value === "string" ? value : JSON.stringify(value);
  }

  function written(item) {
    const before = item.before || {};
    const after = item.after || {};
    const table = scenario().tables.find((one) => one.name === item.table);
    const has = (name) => name in before || name in after;
    const names = [...new Set([...(table ? table.key.filter(has) : []), ...Object.keys(before), ...Object.keys(after)])];
    const said = !item.before && !item.after ? "no item before or after"
      : !item.before ? "item added"
      : !item.after ? "item deleted"
      : JSON.stringify(before) === JSON.stringify(after) ? "item unchanged" : "item changed";
    const rows = names.map((name) => {
      const [a, b] = [plain(before[name]), plain(after[name])];
      const how = a === b ? "" : !(name in before) ? "new" : !(name in after) ? "removed" : "changed";
      return make("tr", { class: how ? "changed" : "" },
        make("th", { scope: "row" }, name), make("td", {}, a),
        make("td", {}, b, how ? make("span", { class: "quiet" }, ` ${how}`) : null));
    });
    const head = ["Attribute", "Before", "After"].map((name) => make("th", { scope: "col" }, name));
    return make("div", { class: "body", "data-item": "" },
      make("table", { class: "items" },
        make("caption", {}, `${item.table}: ${said}`),
        names.length ? make("thead", {}, make("tr", {}, head)) : null,
        make("tbody", {}, rows)));
  }

  /* The stepper */
  const stepper = byId("stepper");
  const bench = byId("workbench");
  const at = { scenario: 0, execution: 0, step: 0, machine: 0, state: null };
  const scenario = () => data.scenarios[at.scenario];
  const execution = () => scenario() && scenario().executions[at.execution];
  const stateOf = (machine, name) => data.machines[machine].states.find((state) => state.name === name);
  const machines = data.machines.map((_, number) => byId(`machine-${number}`));
  const groups = machines.map((one) => [...one.querySelectorAll("[data-state]")]);
  const parts = {};

  function chip(status) {
    const good = status === "SUCCEEDED" || status === "succeeded";
    const kind = good ? "good" : status === "caught" ? "warning" : "error";
    return make("span", { class: `chip ${kind}` }, status);
  }

  function build() {
    stepper.hidden = false;
    bench.classList.add("live");
    stepper.setAttribute("role", "group");
    stepper.setAttribute("aria-label", "Step through a simulated execution");
    parts.detail = make("div", { class: "detail", id: "detail" });
    parts.live = make("p", { class: "visually-hidden", "aria-live": "polite", id: "live" });
    parts.pick = make("div", { class: "pick" });
    if (data.machines.length > 1) parts.pick.append(machinePicker());
    if (data.scenarios.length === 0) {
      stepper.append(parts.pick, make("p", { class: "quiet" }, "Nothing was simulated. Choose a state in the picture to see its definition."), parts.live, parts.detail);
      return;
    }
    parts.scenario = make("select", { id: "scenario" });
    for (const [label, own] of [["Of files", true], ["Built in", false]]) {
      const found = data.scenarios.map((one, number) => [one, number]).filter(([one]) => Boolean(one.file) === own);
      if (found.length === 0) continue;
      parts.scenario.append(make("optgroup", { label }, found.map(([one, number]) => make("option", { value: number }, one.name))));
    }
    parts.scenario.addEventListener("change", () => choose(Number(parts.scenario.value), 0, 0));
    parts.pick.append(make("div", { class: "field" }, make("label", { for: "scenario" }, "Scenario"), parts.scenario));
    parts.happens = make("div", {});
    parts.executions = make("div", { class: "executions", role: "group", "aria-label": "Executions" });
    const button = (id, text, by, kind, edge) => make("button", { type: "button", id, class: `button ${kind} ${edge}`, onclick: by }, text);
    parts.first = button("first", "First", () => go(0), "", "edge");
    parts.previous = button("previous", "‹ Previous", () => go(at.step - 1), "", "");
    parts.next = button("next", "Next ›", () => go(at.step + 1), "primary", "");
    parts.last = button("last", "Last", () => go(Infinity), "", "edge");
    parts.position = make("output", { id: "position" });
    parts.controls = make("div", { class: "controls", role: "group", "aria-label": "Steps" },
      parts.first, parts.previous, parts.position, parts.next, parts.last);
    parts.steps = make("ol", { class: "steps", "aria-label": "The states in the order in which they were entered" });
    parts.steps.addEventListener("keydown", inSteps);
    parts.tables = make("div", { class: "panels" });
    stepper.append(parts.pick, parts.happens, parts.executions, parts.controls, parts.steps, parts.live, parts.detail, parts.tables);
    stepper.addEventListener("keydown", (event) => {
      if (event.defaultPrevented || event.target.closest("select, pre, input, .scroll, .steps")) return;
      if (event.key === "ArrowRight") (go(at.step + 1), event.preventDefault());
      if (event.key === "ArrowLeft") (go(at.step - 1), event.preventDefault());
    });
  }

  function machinePicker() {
    const picker = make("select", { id: "machine" }, data.machines.map((one, number) => make("option", { value: number }, one.name)));
    parts.machine = picker;
    picker.addEventListener("change", () => {
      const machine = Number(picker.value);
      for (const [number, one] of data.scenarios.entries()) {
        const found = one.executions.findIndex((run) => run.machine === machine);
        if (found >= 0) return choose(number, found, 0);
      }
      showMachine(machine);
      showState(machine, data.machines[machine].states[0] && data.machines[machine].states[0].name);
    });
    return make("div", { class: "field" }, make("label", { for: "machine" }, "Workflow"), picker);
  }

  function showMachine(number) {
    at.machine = number;
    machines.forEach((one, index) => { one.hidden = index !== number; });
    if (parts.machine) parts.machine.value = String(number);
  }

  /** Moves to a step, and says so. */
  function choose(scenarioNumber, executionNumber, stepNumber) {
    const moved = at.scenario !== scenarioNumber || at.execution !== executionNumber;
    Object.assign(at, { scenario: scenarioNumber, execution: executionNumber });
    parts.scenario.value = String(scenarioNumber);
    const steps = execution() ? execution().steps.length : 0;
    at.step = Math.max(0, Math.min(stepNumber, steps - 1));
    if (moved || !parts.drawn) drawScenario();
    parts.drawn = true;
    drawStep();
  }
  const go = (step) => choose(at.scenario, at.execution, step);

  function drawScenario() {
    const told = scenario();
    const notes = [
      ...(told.error ? [make("p", { class: "notice error" }, `It could not be run: ${told.error}`)] : []),
      ...told.mismatches.map((text) => make("p", { class: "notice error" }, text)),
      ...told.notes.map((text) => make("p", { class: "notice" }, text.trim())),
    ];
    const from = told.file ? make("p", { class: "told-by" }, "From ", make("code", {}, told.file),
      told.mismatches.length || told.error ? "" : ": everything came of it that it expects") : null;
    parts.happens.replaceChildren(
      make("ol", { class: "happens" }, told.happens.map((text) => make("li", {}, text))), ...(from ? [from] : []), ...notes);
    parts.executions.replaceChildren(...told.executions.map((run, number) => {
      const event = told.events.find((one) => one.executions.includes(run.number));
      const why = event ? `${event.kind}${event.about ? ` (${event.about})` : ""}, after ${seconds(event.at)}` : "started by hand";
      return make("button", { type: "button", class: "button", "aria-pressed": String(number === at.execution), title: why,
        onclick: () => choose(at.scenario, number, 0) }, `Execution ${run.number} `, chip(run.status), ` at ${seconds(run.at)}`);
    }));
    if (told.more_executions) parts.executions.append(make("span", { class: "quiet" }, `and ${told.more_executions} more`));
    const run = execution();
    parts.controls.hidden = !run;
    parts.steps.replaceChildren(...(run ? run.steps : []).map((step, number) => {
      const item = step.item === null ? "" : ` [${step.item}]`;
      const button = make("button", { type: "button", class: `button ${step.ended}`, onclick: () => go(number) }, step.state + item);
      return make("li", {}, button);
    }));
    parts.tables.replaceChildren(...tablesAfter(told));
    if (run) showMachine(run.machine);
    paint(run);
  }

  function tablesAfter(told) {
    return told.tables.map((table) => {
      const names = [...table.key];
      for (const item of table.items) for (const name of Object.keys(item)) if (!names.includes(name)) names.push(name);
      const rows = table.items.map((item) => make("tr", {}, names.map((name, column) =>
        make(column ? "td" : "th", column ? {} : { scope: "row" }, plain(item[name])))));
      const body = table.items.length === 0 ? make("p", { class: "body quiet" }, "There is nothing in it.")
        : make("div", { class: "body scroll", role: "region", tabindex: "0", "aria-label": `Items of ${table.name}` },
          make("table", { class: "items" }, make("thead", {}, make("tr", {}, names.map((name) => make("th", { scope: "col" }, name)))),
            make("tbody", {}, rows)));
      return panel(`${table.name} after the scenario`, plural(table.items.length, "item"), body);
    });
  }

  /** Shows in the picture where an execution went. */
  function paint(run) {
    const svg = machines[at.machine] && machines[at.machine].querySelector(".picture");
    if (!svg) return;
    svg.classList.toggle("playing", Boolean(run));
    const steps = run ? run.steps : [];
    const passed = new Set(steps.map((step) => step.state));
    const failed = new Set(steps.filter((step) => step.ended === "failed").map((step) => step.state));
    const ways = new Set(steps.filter((step) => step.next !== null).map((step) => JSON.stringify([step.state, step.next])));
    for (const group of groups[at.machine]) {
      group.classList.toggle("bb-taken", passed.has(group.dataset.state));
      group.classList.toggle("bb-failed", failed.has(group.dataset.state));
    }
    for (const edge of svg.querySelectorAll(".bb-edge")) {
      edge.classList.toggle("bb-taken", ways.has(JSON.stringify([edge.dataset.from, edge.dataset.to])));
    }
  }

  function drawStep() {
    const run = execution();
    if (!run || run.steps.length === 0) {
      parts.detail.replaceChildren(make("p", { class: "quiet" }, run ? "Not one state was left." : "Nothing was started."));
      parts.position.textContent = "";
      return;
    }
    const step = run.steps[at.step];
    const total = run.steps.length;
    parts.position.textContent = `Step ${at.step + 1} of ${total}${run.more_steps ? ` (${run.more_steps} more are left out)` : ""}`;
    const focused = document.activeElement;
    for (const [button, off] of [[parts.first, at.step === 0], [parts.previous, at.step === 0], [parts.next, at.step === total - 1], [parts.last, at.step === total - 1]]) {
      button.disabled = off;
    }
    // A button that is switched off loses the focus: it goes to the one beside it.
    if (focused && focused.disabled && parts.controls.contains(focused)) (at.step === 0 ? parts.next : parts.previous).focus();
    [...parts.steps.querySelectorAll("button")].forEach((button, number) => {
      const here = number === at.step;
      button.tabIndex = here ? 0 : -1;
      if (here) button.setAttribute("aria-current", "step");
      else button.removeAttribute("aria-current");
      if (here) keepInSight(button, parts.steps);
    });
    press(step.state);
    describe(step, run);
    parts.live.textContent = `Step ${at.step + 1} of ${total}: ${step.state}, ${step.ended}${step.error ? ` ${step.error}` : ""}`;
  }

  /** Scrolls a list, and not the page, to one of its elements. */
  function keepInSight(element, list) {
    const [inner, outer] = [element.getBoundingClientRect(), list.getBoundingClientRect()];
    if (inner.top < outer.top) list.scrollTop -= outer.top - inner.top;
    if (inner.bottom > outer.bottom) list.scrollTop += inner.bottom - outer.bottom;
  }

  /** Marks a state in the picture: the one that Tab leads to. */
  function press(name) {
    at.state = name;
    for (const group of groups[at.machine]) {
      const here = group.dataset.state === name;
      group.setAttribute("aria-pressed", String(here));
      group.setAttribute("tabindex", here ? "0" : "-1");
    }
    if (groups[at.machine].length && !groups[at.machine].some((group) => group.dataset.state === name)) {
      groups[at.machine][0].setAttribute("tabindex", "0");
    }
  }

  function heading(machine, name, chips) {
    const state = stateOf(machine, name);
    const kind = state ? `${state.kind}${state.calls ? ` ${state.calls}` : ""}` : "";
    return [
      make("h4", {}, name, make("span", { class: "chip" }, kind), chips),
      state && state.comment ? make("p", { class: "quiet" }, state.comment) : null,
    ].filter(Boolean);
  }

  function definition(machine, name) {
    const state = stateOf(machine, name);
    return state ? panel("Definition", state.at, json(state.definition)) : null;
  }

  function describe(step, run) {
    const chips = [chip(step.ended), step.took > 0 ? make("span", { class: "chip" }, seconds(step.took)) : null];
    const body = [];
    if (step.error) {
      body.push(make("div", { class: "notice error" }, make("strong", {}, step.error), step.cause ? `: ${step.cause}` : "",
        step.ended === "caught" ? make("div", {}, `caught; continues with ${step.next}`) : null));
    }
    const items = step.calls.flatMap((call) => call.items);
    const attempts = step.calls.length > 1 ? `in the last of ${step.calls.length} attempts` : "";
    if (items.length) {
      const last = step.calls[step.calls.length - 1].items;
      const same = items.every((item) => JSON.stringify(item.before) === JSON.stringify(item.after));
      body.push(panel(same ? "Item, not written" : "Item written", attempts, (last.length ? last : items).map(written)));
    }
    body.push(panel("Input", "", json(step.input)));
    for (const [name, value] of step.data) body.push(panel(words(name), "", json(value)));
    step.calls.forEach((call, number) => {
      const count = step.calls.length > 1 ? `, attempt ${number + 1}` : "";
      if (JSON.stringify(call.arguments) !== JSON.stringify((step.data.find(([name]) => name === "afterParameters" || name === "afterArguments") || [])[1])) {
        body.push(panel("Request", `${call.call}${count}`, json(call.arguments)));
      }
      if (call.error) body.push(panel("Error", `${call.call}${count}`, make("p", { class: "body" }, make("strong", {}, call.error), `: ${call.cause}`)));
    });
    if (step.variables) body.push(panel("Variables", "", json(step.variables)));
    if (step.output !== null) body.push(output(step));
    body.push(definition(run.machine, step.state));
    parts.detail.replaceChildren(...heading(run.machine, step.state, chips), make("div", { class: "panels" }, body));
  }

  function output(step) {
    const note = step.next ? `goes to ${step.next}` : "the end";
    if (JSON.stringify(step.output) === JSON.stringify(step.input)) {
      return panel("Output", note, make("p", { class: "body quiet" }, "Same as the input."));
    }
    return panel("Output", note, json(step.output, step.input));
  }

  const words = (name) => ({
    afterInputPath: "After InputPath", afterParameters: "Parameters", afterArguments: "Arguments", result: "Result",
    afterResultSelector: "After ResultSelector", afterResultPath: "After ResultPath", afterItemsPath: "Items",
  })[name] || name;

  /** A state that somebody chose: its next run in this execution, or what it is. */
  function showState(machine, name) {
    if (!name) return;
    if (machine !== at.machine) showMachine(machine);
    const run = execution();
    if (run && run.machine === machine) {
      const runs = run.steps.map((step, number) => [step, number]).filter(([step]) => step.state === name).map(([, number]) => number);
      if (runs.length) return go(runs.find((number) => number > at.step || at.state !== name) ?? runs[0]);
    }
    press(name);
    const said = run && run.machine === machine ? "This execution does not reach this state." : "";
    parts.detail.replaceChildren(...heading(machine, name, []), make("p", { class: "notice" }, said || "Its definition:"),
      make("div", { class: "panels" }, definition(machine, name)));
    const panel = parts.detail.querySelector("details");
    if (panel) panel.open = true;
    parts.live.textContent = `${name}. ${said}`;
    if (parts.steps) for (const button of parts.steps.querySelectorAll("[aria-current]")) button.removeAttribute("aria-current");
  }

  function inSteps(event) {
    const to = { ArrowRight: at.step + 1, ArrowDown: at.step + 1, ArrowLeft: at.step - 1, ArrowUp: at.step - 1, Home: 0, End: Infinity }[event.key];
    if (to === undefined) return;
    go(to);
    const current = parts.steps.querySelector("[aria-current]");
    if (current) current.focus();
    event.preventDefault();
  }

  function listen() {
    groups.forEach((found, machine) => found.forEach((group, number) => {
      group.setAttribute("tabindex", number === 0 ? "0" : "-1");
      group.addEventListener("click", (event) => {
        event.stopPropagation();
        showState(machine, group.dataset.state);
      });
      group.addEventListener("keydown", (event) => {
        if (event.target !== group) return;
        const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (event.key === "Enter" || event.key === " ") showState(machine, group.dataset.state);
        else if (move) {
          const next = found[(number + move + found.length) % found.length];
          found.forEach((one) => one.setAttribute("tabindex", one === next ? "0" : "-1"));
          next.focus();
        } else if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
          if (!parts.scenario) return;
          go(at.step + (event.key === "ArrowRight" ? 1 : -1));
          const current = found.find((one) => one.dataset.state === at.state);
          if (current) current.focus();
        } else return;
        event.preventDefault();
        event.stopPropagation();
      });
    }));
    for (const button of document.querySelectorAll("[data-goto]")) {
      button.addEventListener("click", () => {
        const machine = Number(button.dataset.machine);
        showState(machine, button.dataset.goto);
        byId("workflows").scrollIntoView();
        const group = groups[machine].find((one) => one.dataset.state === button.dataset.goto);
        if (group) group.focus({ preventScroll: true });
      });
    }
  }

  /* Pictures fit into the page, or have their own size and scroll. */
  function fit() {
    for (const picture of document.querySelectorAll(".picture")) {
      const svg = picture.querySelector("svg");
      if (!svg) continue;
      const width = svg.viewBox.baseVal.width;
      const room = picture.clientWidth;
      const button = make("button", { type: "button", class: "button", "aria-pressed": "true" }, "Fit the width");
      button.addEventListener("click", () => {
        const own = picture.classList.toggle("own-size");
        button.setAttribute("aria-pressed", String(!own));
      });
      if (width > room * 0.98) picture.before(make("div", { class: "picture-tools" }, button));
    }
  }

  /* The bill */
  const grouped = (number) => Math.round(number).toLocaleString("en-US");
  const money = (usd) => usd.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });

  /** What so many units cost: each tier's part at that tier's price. */
  function priced(price, units) {
    let usd = 0;
    price.tiers.forEach(([from, amount], number) => {
      const next = price.tiers[number + 1];
      const end = next && next[0] < units ? next[0] : units;
      if (end > from) usd += (end - from) * amount;
    });
    return usd / price.per;
  }

  /* Sliders go by factors: ten steps are a factor of ten. The lowest is nothing, where there can be nothing. */
  const STEPS = 10;
  const LEAST = 3;
  const GREATEST = 9;
  function scaled(position, withNothing) {
    if (withNothing && position === 0) return 0;
    const exact = 10 ** (LEAST + (position - (withNothing ? 1 : 0)) / STEPS);
    const digits = 10 ** (Math.floor(Math.log10(exact)) - 1);
    return Math.round(exact / digits) * digits;
  }
  function positionOf(value, withNothing) {
    if (withNothing && value === 0) return 0;
    const position = Math.round((Math.log10(Math.max(value, 1)) - LEAST) * STEPS);
    return Math.max(0, Math.min((GREATEST - LEAST) * STEPS, position)) + (withNothing ? 1 : 0);
  }

  function bill() {
    const cost = data.cost;
    if (!cost) return;
    const now = { ...cost.volume, updates: cost.updates };
    const box = byId("sliders");
    box.hidden = false;
    const slider = (name, label, unit, range, read, write) => {
      const output = make("output", { id: `${name}-value`, for: name });
      const input = make("input", { type: "range", id: name, ...range });
      const say = () => {
        output.textContent = `${grouped(now[name])}${unit}`;
        input.setAttribute("aria-valuetext", output.textContent);
      };
      input.value = String(write(now[name]));
      input.addEventListener("input", () => {
        now[name] = read(Number(input.value));
        say();
        draw();
      });
      say();
      box.append(make("div", { class: "slider" }, make("label", { for: name }, label, output), input));
    };
    const many = (withNothing) => ({ min: 0, max: (GREATEST - LEAST) * STEPS + (withNothing ? 1 : 0), step: 1 });
    slider("events", "Events per month", "", many(false), (at) => scaled(at, false), (value) => positionOf(value, false));
    if (cost.updates !== null) {
      const shares = cost.shares.map((share) => share.updates);
      slider("updates", "Updates of existing files", " %", { min: 0, max: shares[shares.length - 1], step: 10 }, (at) => at, (value) => value);
    }
    slider("objects", "Objects in the table", "", many(false), (at) => scaled(at, false), (value) => positionOf(value, false));
    slider("reads", "Reads per month", "", many(true), (at) => scaled(at, true), (value) => positionOf(value, true));
    draw();

    function draw() {
      const share = cost.shares.find((one) => one.updates === now.updates) || cost.shares[0];
      const lines = cost.prices.map((price, number) => {
        const [event, object, read, fixed] = share.units[number];
        const units = event * now.events + object * now.objects + read * now.reads + fixed;
        return { price, units, usd: priced(price, units), made: madeOf([event, object, read, fixed]) };
      }).filter((line) => line.units > 0);
      const monthly = lines.filter((line) => !line.price.once);
      const once = lines.filter((line) => line.price.once);
      const sum = (all) => all.reduce((total, line) => total + line.usd, 0);
      const greatest = Math.max(...lines.map((line) => line.usd), 1e-9);
      const row = (line) => {
        const bar = make("span", { class: "bar" });
        bar.style.width = `${Math.max(0.5, (line.usd / greatest) * 100)}%`;
        return make("tr", {},
          make("th", { scope: "row" }, line.price.service),
          make("td", {}, line.price.what, make("div", { class: "quiet made" }, line.made)),
          make("td", { class: "amount units" }, few(line.units)),
          make("td", { class: "amount", "data-usd": line.price.once ? null : line.usd }, money(line.usd)),
          make("td", { class: "share", "aria-hidden": "true" }, bar));
      };
      const total = (text, usd) => make("tr", {}, make("th", { scope: "row", colspan: "2" }, text), make("td", { class: "units" }), make("td", { class: "amount" }, money(usd)), make("td", { class: "share", "aria-hidden": "true" }));
      const head = () => [["Service"], ["What"], ["Units", "amount units"], ["USD", "amount"]].map(([name, kind]) => make("th", { scope: "col", class: kind }, name));
      const written = (all, text) => [
        make("thead", {}, make("tr", {}, head(), make("td", { class: "share", "aria-hidden": "true" }))),
        make("tbody", {}, all.map(row)),
        make("tfoot", {}, total(text, sum(all)))];
      byId("bill").replaceChildren(...written(monthly, "Every month"));
      const apart = byId("once");
      if (apart) apart.replaceChildren(apart.caption, ...written(once, "Once"));
      byId("total").textContent = `${money(sum(monthly))} USD`;
      byId("volume").textContent = `${grouped(now.events)} events, ${grouped(now.objects)} objects, ${grouped(now.reads)} reads`;
    }

    function madeOf([event, object, read, fixed]) {
      const parts = [[event, "per event", "per million events"], [object, "per object", "per million objects"], [read, "per read", "per million reads"]];
      const said = parts.filter(([number]) => number > 0).map(([number, one, million]) =>
        number >= 0.01 ? `${Number(number.toFixed(2))} ${one}` : `${few(number * 1e6)} ${million}`);
      if (fixed > 0) said.push(`${few(fixed)} fixed`);
      return said.join(" + ");
    }
    function few(number) {
      return number < 100 ? Number(number.toPrecision(2)).toLocaleString("en-US", { maximumFractionDigits: 6 }) : grouped(number);
    }
  }

  build();
  bill();
  if (data.machines.length) {
    showMachine(0);
    listen();
  }
  if (data.scenarios.length) {
    const first = data.scenarios.findIndex((one) => !one.file && one.executions.length);
    choose(Math.max(0, first), 0, 0);
    byId("told").open = false;
  } else if (data.machines.length && data.machines[0].states.length) {
    showState(0, data.machines[0].states[0].name);
  }
  fit();
  window.addEventListener("beforeprint", () => { const told = byId("told"); if (told) told.open = true; });
})();
