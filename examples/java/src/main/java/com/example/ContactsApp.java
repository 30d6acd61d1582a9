package com.example;

import software.amazon.awscdk.App;

public final class ContactsApp {
    private ContactsApp() {
    }

    public static void main(final String[] args) {
        App app = new App();
        new ContactsStack(app, "AlternateContacts");
        new OrganizationStack(app, "OrganizationContacts");
        new EventsStack(app, "OrganizationEvents");
        app.synth();
    }
}
