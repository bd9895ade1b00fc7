// Evaluates rules with certlogic-js for `benchmarks.rules`, a round for each line that it is sent.
// The first line holds the jobs, [logic, data, expected] each; every answer is a line of
// nanoseconds, one number a job.
"use strict";
const { evaluate } = require("certlogic-js");
const { createInterface } = require("node:readline");

let jobs = null;
let evaluations = 0;

function round() {
  return jobs.map(([logic, data]) => {
    const start = process.hrtime.bigint();
    for (let turn = 0; turn < evaluations; turn += 1) evaluate(logic, data);
    return Number(process.hrtime.bigint() - start) / evaluations;
  });
}

createInterface({ input: process.stdin }).on("line", (line) => {
  if (jobs === null) {
    ({ jobs, evaluations } = JSON.parse(line));
    const wrong = jobs.filter(([logic, data, expected]) => evaluate(logic, data) !== expected);
    if (wrong.length > 0) process.exit(1);
  }
  process.stdout.write(JSON.stringify(round()) + "\n");
});
