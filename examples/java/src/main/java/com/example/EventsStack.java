package com.example;

import io.github.cdkalternatecontact.OrganizationEventForwarder;
import software.amazon.awscdk.BootstraplessSynthesizer;
import software.amazon.awscdk.Environment;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.constructs.Construct;

public final class EventsStack extends Stack {
    public EventsStack(final Construct scope, final String id) {
        super(scope, id, StackProps.builder()
            .env(Environment.builder().region("us-east-1").build())
            .synthesizer(new BootstraplessSynthesizer())
            .build());

        // Organizations sends its events to us-east-1 of the management account only.
        OrganizationEventForwarder.Builder.create(this, "Forwarder")
            .targetRegion("eu-west-1")
            .build();
    }
}
