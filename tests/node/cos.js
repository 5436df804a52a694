// cos-nodejs-sdk-v5 against a mock: argv[2] is its port, argv[3] how it is aimed. Prints one JSON object of what it saw.
const COS = require('cos-nodejs-sdk-v5')

const [port, way] = process.argv.slice(2)
const Bucket = 'test-1250000000'
const Region = 'ap-chongqing'
const mock = `127.0.0.1:${port}`
const base = way === 'Url' ? `http://${mock}` : `http://${Bucket}.ci.${Region}.myqcloud.com`
const aimed = { Ip: { Ip: mock }, Proxy: { Proxy: `http://${mock}` }, Url: {} }[way]
const client = (SecretKey) => new COS({ SecretId: 'mockcloud', SecretKey, Protocol: 'http:', ...aimed })

const call = (cos, Method, Key, more) => new Promise((resolve, reject) => {
  cos.request({ Bucket, Region, Method, Key, Url: `${base}/${Key}`, ...more }, (e, data) => e ? reject(e) : resolve(data))
})
const refused = (promise) => promise.then(() => 'no error', (e) => `${e.statusCode} ${e.code}`)

async function main () {
  const cos = client('mockcloud-secret')
  const Output = { Bucket, Region, Object: 'back.mp3', AuObject: 'voice.mp3' }
  const Operation = { TemplateId: 't1460606b9752148c4ab182f55163ba7cd', Output }
  const Body = COS.util.json2xml({ Request: { Tag: 'VoiceSeparate', Input: { Object: 'a.mp3' }, Operation } })
  const made = await call(cos, 'POST', 'jobs', { Body, ContentType: 'application/xml' })
  const id = made.Response.JobsDetail.JobId
  await call(cos, 'PUT', `jobs/${id}`, { Query: { cancel: '' } })
  const found = await call(cos, 'GET', `jobs/${id},jnone`)
  const broken = { Body: '<Request><Tag>MediaInfo</Tag></Request>', ContentType: 'application/xml' }
  return {
    requestId: made.RequestId,
    submitted: made.Response.JobsDetail.State,
    cancelled: found.Response.JobsDetail.State,
    missing: found.Response.NonExistJobIds,
    broken: await refused(call(cos, 'POST', 'jobs', broken)),
    forged: await refused(call(client('wrong'), 'GET', `jobs/${id}`))
  }
}

main().then((seen) => console.log(JSON.stringify(seen)), (e) => { console.error(e); process.exit(1) })
