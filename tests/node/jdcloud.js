// jdcloud-sdk-js against a mock: argv[2] is its port. Prints one JSON object of what it saw.
const JDCloud = require('jdcloud-sdk-js')

const endpoint = { host: `127.0.0.1:${process.argv[2]}`, protocol: 'http' }
const keys = (secretAccessKey) => ({ accessKeyId: 'mockcloud', secretAccessKey })
JDCloud.config.update({ credentials: keys('mockcloud-secret'), regionId: 'cn-north-1', logger: () => {} })

// A refusal rejects the promise with a plain object.
const refused = (promise) => promise.then(() => 'no error', (e) => `${e.responseObj.status} ${e.error.status}`)

async function main () {
  const mps = new JDCloud.MPS({ endpoint })
  const source = { bucket: 'b', key: 'in/视频.mp4' }
  const target = { destBucket: 'd' }
  const made = await mps.createThumbnailTask({ source, target })
  const taskId = made.result.taskID
  const states = []
  do { states.push((await mps.getThumbnailTask({ taskId })).result.status) } while (states.length < 20 && !['SUCCESS', 'ERROR'].includes(states.at(-1)))
  const forged = new JDCloud.MPS({ endpoint, credentials: keys('wrong') })
  return {
    requestId: made.requestId,
    states: [...new Set(states)],
    keys: (await mps.getThumbnailTask({ taskId })).result.target.keys,
    forbidden: await refused(mps.createThumbnailTask({ source, target, rule: { mode: 'average', endTimeInSecond: 3 } })),
    unknown: await refused(mps.getThumbnailTask({ taskId: 'none' })),
    forged: await refused(forged.getThumbnailTask({ taskId }))
  }
}

main().then((seen) => console.log(JSON.stringify(seen)), (e) => { console.error(e); process.exit(1) })
