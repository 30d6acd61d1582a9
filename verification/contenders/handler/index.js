const { AccountClient, PutAlternateContactCommand, DeleteAlternateContactCommand } = require('@aws-sdk/client-account');

const client = new AccountClient({ maxAttempts: 50 });

exports.handler = async event => {
  const { AccountId, AlternateContactType, EmailAddress, Name, PhoneNumber, Title } = event.ResourceProperties;
  const key = { AccountId, AlternateContactType };
  if (event.RequestType === 'Delete') {
    await client.send(new DeleteAlternateContactCommand(key)).catch(error => {
      if (error.name !== 'ResourceNotFoundException') throw error;
    });
  } else {
    await client.send(new PutAlternateContactCommand({ ...key, EmailAddress, Name, PhoneNumber, Title }));
  }
  return { PhysicalResourceId: `${AccountId}-${AlternateContactType}` };
};
