package com.cove.model.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cove.model.config.ConfigException;
import com.cove.model.config.Environment;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class PictureConfigTest {
    private static final PictureConfig BUCKET = new PictureConfig("https://pictures.example.com/users");

    @ParameterizedTest
    @CsvSource({
        "a.png, a.png",
        "ann/a.png, ann/a.png",
        "/ann/a.png, ann/a.png",
        "//evil.example/a.png, evil.example/a.png",
        "ann/my picture.png, ann/my%20picture.png",
        "ann/größe 😀.png, ann/gr%C3%B6%C3%9Fe%20%F0%9F%98%80.png",
        "a+b?c#d%20e&f.png, a%2Bb%3Fc%23d%2520e%26f.png",
        "'javascript:alert(1)', javascript%3Aalert%281%29",
        "'a\"<b>.png', a%22%3Cb%3E.png",
        "a\\..\\b.png, a%5C..%5Cb.png",
        "a..b.png, a..b.png",
        "ann/, ann/",
    })
    void aKeyIsPutBehindTheBucketsAddress(String key, String path) {
        assertThat(BUCKET.address(key)).isEqualTo("https://pictures.example.com/users/" + path);
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://example.com/a.png", "http://example.com/a b.png?x=1", "HTTPS://example.com/a.png"})
    void anAddressStaysAsItIs(String address) {
        assertThat(BUCKET.address(address)).isEqualTo(address);
        assertThat(PictureConfig.none().address(address)).isEqualTo(address);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "  ",
                "/",
                "..",
                "../a.png",
                "ann/../../a.png",
                "./a.png",
                "a\nb.png",
                "a\0.png",
                "a\uD800.png"
            })
    void anythingElseIsNoPicture(String stored) {
        assertThat(BUCKET.address(stored)).isNull();
    }

    @Test
    void aKeyWhoseAddressNobodyTakesIsNoPicture() {
        assertThat(BUCKET.address("a".repeat(2_000))).isNotNull();
        assertThat(BUCKET.address("ö".repeat(1_000))).isNull();
    }

    @Test
    void withoutABucketAKeyIsNoPicture() {
        assertThat(read(Map.of()).address("ann/a.png")).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "https://pictures.example.com, https://pictures.example.com",
        "https://pictures.example.com/, https://pictures.example.com",
        "https://pictures.example.com/users//, https://pictures.example.com/users",
        "http://localhost:9000/bucket, http://localhost:9000/bucket",
    })
    void theAddressMayEndWithASlash(String url, String base) {
        assertThat(read(Map.of("USER_IMAGE_BUCKET_URL", url)).base()).isEqualTo(base);
    }

    @ParameterizedTest
    @CsvSource({
        "pictures, eu-central-1, https://pictures.s3.eu-central-1.amazonaws.com",
        "pictures, cn-north-1, https://pictures.s3.cn-north-1.amazonaws.com.cn",
        "pictures, '', https://pictures.s3.amazonaws.com",
        "my.pictures, us-gov-west-1, https://s3.us-gov-west-1.amazonaws.com/my.pictures",
    })
    void aBucketsNameMakesItsAddress(String bucket, String region, String base) {
        assertThat(read(Map.of("USER_IMAGE_BUCKET_NAME", bucket, "AWS_REGION", region))
                        .base())
                .isEqualTo(base);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://cdn.example.com",
                "https://pictures.s3.eu-central-1.amazonaws.com",
                "https://pictures.s3.amazonaws.com/users",
                "https://s3.eu-central-1.amazonaws.com/pictures/users",
            })
    void theAddressCountsWhereBothAreSet(String url) {
        assertThat(read(Map.of("USER_IMAGE_BUCKET_URL", url, "USER_IMAGE_BUCKET_NAME", "pictures"))
                        .base())
                .isEqualTo(url);
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://others.s3.eu-central-1.amazonaws.com", "https://s3.amazonaws.com/others/pictures"})
    void theAddressOfAnotherBucketIsAProblem(String url) {
        assertThatThrownBy(() -> read(Map.of("USER_IMAGE_BUCKET_URL", url, "USER_IMAGE_BUCKET_NAME", "pictures")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("USER_IMAGE_BUCKET_URL is the address of another bucket");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pictures",
                "ftp://example.com",
                "https://",
                "https://a b",
                "https://user@example.com",
                "https://example.com?a",
                "https://example.com#a",
                "//example.com"
            })
    void whatIsNoAddressIsAProblem(String url) {
        assertThatThrownBy(() -> read(Map.of("USER_IMAGE_BUCKET_URL", url, "USER_IMAGE_BUCKET_NAME", "No Bucket")))
                .isInstanceOfSatisfying(
                        ConfigException.class,
                        all -> assertThat(all.problems())
                                .hasSize(2)
                                .anyMatch(problem -> problem.startsWith("USER_IMAGE_BUCKET_URL must be"))
                                .anyMatch(problem -> problem.startsWith("USER_IMAGE_BUCKET_NAME must be")));
    }

    @Test
    void aRegionThatIsNoneIsAProblem() {
        assertThatThrownBy(() -> read(Map.of("USER_IMAGE_BUCKET_NAME", "pictures", "AWS_REGION", "evil.example/")))
                .hasMessageContaining("AWS_REGION");
    }

    private static PictureConfig read(Map<String, String> variables) {
        Environment env = new Environment(variables);
        PictureConfig config = PictureConfig.from(env);
        env.check();
        return config;
    }
}
