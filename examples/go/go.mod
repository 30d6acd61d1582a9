module example.com/alternate-contacts-app

go 1.25

require (
	github.com/aws/aws-cdk-go/awscdk/v2 v2.200.1
	github.com/aws/constructs-go/constructs/v10 v10.4.2
	github.com/aws/jsii-runtime-go v1.140.0
	github.com/cdk-alternate-contact/cdk-alternate-contact-go/cdkalternatecontact v0.0.0
)
