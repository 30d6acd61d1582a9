
// As the frameworks do around a handler: it answers CloudFormation, and does nothing for the Delete of a failed Create.
const NOT_CREATED = 'not-created';
const { handler } = exports;
exports.handler = async (event, context) => {
  const answer = { Status: 'SUCCESS', PhysicalResourceId: event.PhysicalResourceId || NOT_CREATED };
  try {
    if (event.PhysicalResourceId !== NOT_CREATED) Object.assign(answer, await handler(event, context));
  } catch (error) {
    Object.assign(answer, { Status: 'FAILED', Reason: error.name });
  }
  const { StackId, RequestId, LogicalResourceId, ResponseURL } = event;
  const body = JSON.stringify({ ...answer, StackId, RequestId, LogicalResourceId });
  await new Promise((resolve, reject) => require(ResponseURL.startsWith('http:') ? 'http' : 'https')
    .request(ResponseURL, { method: 'PUT', headers: { 'content-length': Buffer.byteLength(body) } }, response => {
      // Rejected, so that Lambda delivers the event again.
      response.resume().on('end', () => response.statusCode < 300 ? resolve() : reject(new Error('The response was not accepted')));
    })
    .on('error', reject).end(body));
};
