// Judges messages by exported schemas with ajv, which knows the standard and nothing of mockcloud: a list of verdicts.
const { readFileSync } = require('node:fs');
const Ajv = require('ajv/dist/2020');

const { schemas, messages } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
// Strict, so that a misspelt keyword is told; but a condition need not repeat the types and members that stand beside it.
const ajv = new Ajv({ strict: true, strictTypes: false, strictRequired: false, allErrors: false });
const own = new Set();
JSON.stringify(schemas, (key, value) => (key.startsWith('x-') && own.add(key), value));
for (const keyword of own) ajv.addKeyword(keyword);
const validators = Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, ajv.compile(schema)]));
console.log(JSON.stringify(messages.map(([name, data]) => validators[name](data))));
