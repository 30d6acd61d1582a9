import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { GatewayVpcEndpointAwsService, SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Role } from 'aws-cdk-lib/aws-iam';
import { declareMany, ENV, SECURITY_CONTACT, stackWithProvider } from './contacts';
import { inlinePoliciesOf, inlineStatementsOf, managedPoliciesOf, Policy, sizesOf } from './policies';
import { AlternateContact, AlternateContactProvider, AlternateContactProviderProps } from '../src';

describe('a provider in a VPC', () => {
  const stackWithVpc = () => {
    const stack = new Stack(new App(), 'Stack', { env: ENV });
    return { stack, vpc: new Vpc(stack, 'Vpc', { natGateways: 1, maxAzs: 2 }) };
  };
  type Resources = { readonly [id: string]: { readonly Type: string; readonly DependsOn?: string[]; readonly Properties: Record<string, unknown> } };
  const resourcesOf = (stack: Stack) => Template.fromStack(stack).toJSON().Resources as Resources;
  const functionIn = (resources: Resources) => Object.values(resources).find(({ Type }) => Type === 'AWS::Lambda::Function')!;

  test('has its function in the private subnets by default, with a security group, and after the routes out of them', () => {
    const { stack, vpc } = stackWithVpc();
    AlternateContactProvider.getOrCreate(stack, { vpc });
    new AlternateContact(stack, 'Contact', SECURITY_CONTACT);
    const resources = resourcesOf(stack);
    const { Properties, DependsOn } = functionIn(resources);
    const [group] = Object.keys(resources).filter(id => resources[id].Type === 'AWS::EC2::SecurityGroup');
    expect(Properties.VpcConfig).toEqual({
      SubnetIds: vpc.privateSubnets.map(({ subnetId }) => stack.resolve(subnetId) as unknown),
      SecurityGroupIds: [{ 'Fn::GetAtt': [group, 'GroupId'] }],
    });
    const routes = Object.keys(resources).filter(id => /PrivateSubnet\dDefaultRoute/.test(id));
    expect(routes).toHaveLength(2);
    expect(DependsOn).toEqual(expect.arrayContaining(routes));
  });

  test('takes the subnets and the security groups that it is given', () => {
    const { stack, vpc } = stackWithVpc();
    const group = new SecurityGroup(stack, 'Group', { vpc });
    const provider = new AlternateContactProvider(stack, 'Provider', { vpc, vpcSubnets: { subnets: [vpc.privateSubnets[1]] }, securityGroups: [group] });
    expect(functionIn(resourcesOf(stack)).Properties.VpcConfig).toEqual({
      SubnetIds: [stack.resolve(vpc.privateSubnets[1].subnetId)], SecurityGroupIds: [stack.resolve(group.securityGroupId)],
    });
    expect(provider.lambdaFunction.connections.securityGroups).toEqual([group]);
  });

  const EC2_ACTIONS = ['ec2:CreateNetworkInterface', 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets', 'ec2:DeleteNetworkInterface',
    'ec2:AssignPrivateIpAddresses', 'ec2:UnassignPrivateIpAddresses'];
  const ALLOWED = { Effect: 'Allow', Action: EC2_ACTIONS, Resource: '*' };

  test('has the permissions for it in its new role, which the function needs, so that they outlive every Delete', () => {
    const { stack, vpc } = stackWithVpc();
    new AlternateContactProvider(stack, 'Provider', { vpc });
    expect(inlineStatementsOf(Template.fromStack(stack))).toContainEqual(ALLOWED);
    expect(JSON.stringify(functionIn(resourcesOf(stack)).Properties.Role)).toMatch(/ProviderRole/);
  });

  test('has them in a policy of a given role that the function waits for', () => {
    const { stack, vpc } = stackWithVpc();
    const role = Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::111111111111:role/own');
    declareMany(stack, 300, new AlternateContactProvider(stack, 'Provider', { vpc, role }));
    const template = Template.fromStack(stack);
    const policies = template.findResources('AWS::IAM::ManagedPolicy');
    const [[id]] = Object.entries(policies).filter(([, { Properties }]) => JSON.stringify(Properties).includes('ec2:'));
    expect((policies[id].Properties as Policy).PolicyDocument.Statement).toContainEqual(ALLOWED);
    expect(functionIn(resourcesOf(stack)).DependsOn).toContain(id);
    expect(Math.max(...sizesOf(managedPoliciesOf(template)))).toBeLessThanOrEqual(6_144);
  });

  test('has policies that fit, with as many contacts as in no VPC', () => {
    const { stack, vpc } = stackWithVpc();
    declareMany(stack, 400, new AlternateContactProvider(stack, 'Provider', { vpc }));
    const template = Template.fromStack(stack);
    expect(sizesOf(inlinePoliciesOf(template))[0]).toBeLessThanOrEqual(10_240);
    expect(Math.max(...sizesOf(managedPoliciesOf(template)))).toBeLessThanOrEqual(6_144);
  });

  test('waits for the endpoints that it is made dependent on', () => {
    const { stack, vpc } = stackWithVpc();
    const endpoint = vpc.addGatewayEndpoint('S3', { service: GatewayVpcEndpointAwsService.S3 });
    AlternateContactProvider.getOrCreate(stack, { vpc }).node.addDependency(endpoint);
    new AlternateContact(stack, 'Contact', SECURITY_CONTACT);
    const resources = resourcesOf(stack);
    expect(functionIn(resources).DependsOn).toContain(Object.keys(resources).find(id => resources[id].Type === 'AWS::EC2::VPCEndpoint'));
  });

  test('is the only one that may use network interfaces', () => {
    const stack = stackWithProvider();
    expect(JSON.stringify(Template.fromStack(stack))).not.toContain('ec2:');
  });

  test.each<[string, (vpc: Vpc) => AlternateContactProviderProps, string]>([
    ['subnets without a VPC', () => ({ vpcSubnets: {} }), 'vpcSubnets and securityGroups must not be given without vpc'],
    ['security groups without a VPC', () => ({ securityGroups: [] }), 'vpcSubnets and securityGroups must not be given without vpc'],
    ['public subnets', vpc => ({ vpc, vpcSubnets: { subnetType: SubnetType.PUBLIC } }), 'Lambda Functions in a public subnet can NOT access the internet'],
  ])('refuses %s', (_, propsOf, message) => {
    const { stack, vpc } = stackWithVpc();
    expect(() => new AlternateContactProvider(stack, 'Provider', propsOf(vpc))).toThrow(message);
  });

  test('is the one that the stack shares if it is in the same network, and refuses another', () => {
    const { stack, vpc } = stackWithVpc();
    const [group, otherGroup] = ['One', 'Other'].map(id => new SecurityGroup(stack, id, { vpc }));
    const props = () => ({ vpc, vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS, subnets: undefined }, securityGroups: [group], revision: '1' });
    const provider = AlternateContactProvider.getOrCreate(stack, props());
    expect(AlternateContactProvider.getOrCreate(stack, props())).toBe(provider);
    const others: AlternateContactProviderProps[] = [
      { vpc: new Vpc(stack, 'Another') }, { vpcSubnets: { subnets: [vpc.privateSubnets[0]] } }, { securityGroups: [otherGroup] }, { revision: '2' },
    ];
    for (const other of others) {
      expect(() => AlternateContactProvider.getOrCreate(stack, other)).toThrow(`with another ${Object.keys(other)[0]}.`);
    }
  });
});
