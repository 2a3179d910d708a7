package com.cove.auth.fcm;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.model.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The fake by another client than the SDK: it answers as FCM's reference says. */
class FakeFcmTest {
    private final FakeFcm fcm = FakeFcm.start();

    @AfterEach
    void close() {
        fcm.close();
    }

    @Test
    void itSpeaksBothProtocols() throws Exception {
        for (HttpClient.Version version : HttpClient.Version.values()) {
            if (version == HttpClient.Version.HTTP_1_1 || version == HttpClient.Version.HTTP_2) {
                HttpResponse<String> answer = post(version, "{\"message\":{\"token\":\"t\"}}");

                assertThat(answer.version()).isEqualTo(version);
                assertThat(answer.statusCode()).isEqualTo(200);
                assertThat(Json.parse(answer.body()).path("name").asText()).startsWith("projects/cove-test/messages/");
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"message":{"token":"t","colour":"red"}}                                       | message
            {"message":{"token":"t","data":{"seq":7}}}                                     | message.data
            {"message":{"token":"t","notification":{"title":"a","subtitle":"b"}}}          | message.notification
            {"message":{"token":"t","android":{"notification":{"notification_count":"7"}}}}| message.android.notification.notification_count
            {"message":{"token":"t","android":{"ttl":"2419201s"}}}                         | message.android.ttl
            {"message":{"token":"t","android":{"priority":"urgent"}}}                      | message.android.priority
            {"message":{"token":"t","data":{"from":"me"}}}                                 | message.data
            {"message":{"token":"t","webpush":{"fcm_options":{"link":"myapp://t"}}}}       | message.webpush.fcm_options.link
            {"message":{"data":{"a":"b"}}}                                                 | message
            """)
    void whatFcmDoesNotTakeIsInvalid(String body, String field) throws Exception {
        HttpResponse<String> answer = post(HttpClient.Version.HTTP_2, body);

        JsonNode error = Json.parse(answer.body()).path("error");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(error.path("status").asText()).isEqualTo("INVALID_ARGUMENT");
        assertThat(error.at("/details/0/fieldViolations/0/field").asText()).isEqualTo(field);
        assertThat(fcm.accepted()).isZero();
    }

    @Test
    void aMessageOfMoreThan4096BytesIsTooBig() throws Exception {
        String body = "{\"message\":{\"token\":\"t\",\"data\":{\"a\":\"" + "x".repeat(4_096) + "\"}}}";

        assertThat(post(HttpClient.Version.HTTP_2, body).body()).contains("too big");
    }

    private HttpResponse<String> post(HttpClient.Version version, String body)
            throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newBuilder()
                .sslContext(FakeFcmCertificate.get().trusting())
                .version(version)
                .build()) {
            return http.send(
                    HttpRequest.newBuilder(URI.create("https://"
                                    + InetAddress.getLoopbackAddress().getHostAddress() + ":" + fcm.port()
                                    + "/v1/projects/cove-test/messages:send"))
                            .header("Authorization", "Bearer " + FakeFcm.ACCESS_TOKEN)
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }
}
