// @actions/core writes a workflow command for each line of standard input, which is JSON: [name, message, properties].
const { readFileSync } = require('fs')
const { join } = require('path')
const { pathToFileURL } = require('url')

async function main () {
  const core = await import(pathToFileURL(join(process.env.NODE_PATH, '@actions', 'core', 'lib', 'core.js')))
  const lines = readFileSync(0, 'utf8').split('\n').filter(Boolean)
  for (const [name, message, properties] of lines.map((line) => JSON.parse(line))) core[name](message, properties)
}

main()
