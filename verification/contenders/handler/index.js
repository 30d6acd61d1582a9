// As a careful author writes it by hand: the stack's account may be named, a missing contact is fine, and nothing personal is logged.
const { AccountClient, PutAlternateContactCommand, DeleteAlternateContactCommand } = require('@aws-sdk/client-account');

// The SDK's retry budget ends near 100 attempts.
const client = new AccountClient({ maxAttempts: 100 });

exports.handler = async (event, context) => {
  const { AccountId, AlternateContactType, EmailAddress, Name, PhoneNumber, Title } = event.ResourceProperties;
  const ownAccount = context.invokedFunctionArn.split(':')[4];
  const key = { AlternateContactType, ...(AccountId && AccountId !== ownAccount && { AccountId }) };
  if (event.RequestType === 'Delete') {
    await client.send(new DeleteAlternateContactCommand(key)).catch(error => {
      if (error.name !== 'ResourceNotFoundException') throw error;
    });
    return { PhysicalResourceId: event.PhysicalResourceId };
  }
  await client.send(new PutAlternateContactCommand({ ...key, EmailAddress, Name, PhoneNumber, Title }));
  return { PhysicalResourceId: `${AccountId || ownAccount}-${AlternateContactType}` };
};
