package com.example;

import software.amazon.awscdk.App;

public final class ContactsApp {
    private ContactsApp() {
    }

    public static void main(final String[] args) {
        App app = new App();
        new ContactsStack(app, "AlternateContacts");
        app.synth();
    }
}
