package com.cove.local;

import java.nio.file.Path;
import java.util.Map;

/** The whole system on any free ports, as {@code make run} starts it. */
final class LocalSystemFixture {
    /** Where the pictures are that are stored as keys. */
    static final String PICTURES = "https://pictures.example.com/users";

    private LocalSystemFixture() {}

    static LocalConfig config(Path dataDirectory) {
        return LocalConfig.fromEnvironment(Map.of(
                "API_PORT", "0",
                "SOCKET_PORT", "0",
                "INTERNAL_PORT", "0",
                "LOCAL_DATABASE_PORT", "0",
                "USER_IMAGE_BUCKET_URL", PICTURES,
                "LOCAL_DATA", dataDirectory.toString()));
    }

    static LocalSystem start(Path dataDirectory) throws CannotStart {
        return LocalSystem.start(config(dataDirectory), step -> {});
    }
}
