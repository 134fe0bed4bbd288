// What the reference implementation answers to JSONata's own test suite and to expressions of our own, under Step Functions' limit of depth.
// Usage: node jsonata.js REFERENCE SUITE OWN. One JSON object on the standard output: a list of cases with what came of them.
const fs = require("fs");
const path = require("path");
const [reference, suite, own] = process.argv.slice(2);
const jsonata = require(path.join(reference, "node_modules", "jsonata"));
const read = (...parts) => JSON.parse(fs.readFileSync(path.join(...parts), "utf8"));
const DEPTH = 100;

const cases = [];
const groups = path.join(suite, "groups");
for (const group of fs.existsSync(groups) ? fs.readdirSync(groups).sort() : []) {
  for (const file of fs.readdirSync(path.join(groups, group)).sort()) {
    if (!file.endsWith(".json")) continue;
    [].concat(read(groups, group, file)).forEach((item, at) => {
      const expression = item["expr-file"] ? fs.readFileSync(path.join(groups, group, item["expr-file"]), "utf8") : item.expr;
      const named = item.dataset ? read(suite, "datasets", `${item.dataset}.json`) : undefined;
      const data = "data" in item ? item.data : named;
      cases.push({ id: `${group}/${file}/${at}`, group, expression, data, bindings: item.bindings || {} });
    });
  }
}
read(own).forEach((expression, at) => cases.push({ id: `own/${at}`, group: "own", expression, data: { a: [1, 2, 3] }, bindings: {} }));

function limited(expression) {
  let depth = 0;
  const start = Date.now();
  const check = () => {
    if (depth > DEPTH) throw { code: "U1001" };
    if (Date.now() - start > 3000) throw { code: "U1001" };
  };
  expression.assign(Symbol.for("jsonata.__evaluate_entry"), (_, __, environment) => {
    if (environment.isParallelCall) return;
    depth++;
    check();
  });
  expression.assign(Symbol.for("jsonata.__evaluate_exit"), (_, __, environment) => {
    if (environment.isParallelCall) return;
    depth--;
    check();
  });
  return expression;
}

(async () => {
  for (const one of cases) {
    try {
      const value = await limited(jsonata(one.expression)).evaluate(one.data, one.bindings);
      const text = JSON.stringify(value, (_, v) => (typeof v === "function" || (v && v._jsonata_lambda) ? undefined : v));
      one.outcome = text === undefined ? { nothing: true } : { value: JSON.parse(text) };
    } catch (error) {
      one.outcome = { error: error.code || String(error) };
    }
  }
  // A half of a surrogate pair is no text outside of JavaScript, which writes it as an escape.
  process.stdout.write(JSON.stringify(cases.filter((one) => !/\\ud[89a-f]/i.test(JSON.stringify(one)))));
})();
