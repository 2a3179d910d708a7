package com.cove.auth;

import com.cove.model.config.AwsSecret;
import com.cove.model.error.AppException;
import com.cove.model.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import com.google.auth.oauth2.GoogleCredentials;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The JSON that Google gives for a service account, as it stands in a secret: everything wrong with it is a sentence that quotes nothing. */
final class ServiceAccountJson {
    private static final List<String> NEEDED = List.of("client_email", "private_key");

    private ServiceAccountJson() {}

    /** @param projectId {@code FIREBASE_PROJECT_ID}, which it must be of */
    static GoogleCredentials credentials(String text, AwsSecret secret, String projectId) throws IOException {
        JsonNode json = parsed(text, secret);
        if (!json.isObject() || !json.path("type").asText("").equals("service_account")) {
            throw new NoServiceAccountException(
                    secret.holds("is not the JSON of a service account: its type is not service_account"));
        }
        for (String field : NEEDED) {
            if (json.path(field).asText("").isBlank()) {
                throw new NoServiceAccountException(secret.holds("has no " + field));
            }
        }
        if (!json.path("project_id").asText(projectId).equals(projectId)) {
            throw new NoServiceAccountException(
                    secret.holds("is of another project than " + FirebaseAuthConfig.PROJECT));
        }
        try {
            return GoogleCredentials.fromStream(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException | RuntimeException e) {
            // Parsers quote what they could not parse: their message stays out of ours, and of the log.
            throw new NoServiceAccountException(
                    secret.holds("is not the JSON of a service account, or its private_key is no key"));
        }
    }

    private static JsonNode parsed(String text, AwsSecret secret) throws NoServiceAccountException {
        try {
            return Json.parse(text);
        } catch (AppException e) {
            throw new NoServiceAccountException(secret.holds("is not JSON"));
        }
    }
}
