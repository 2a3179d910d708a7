package com.cove.model.user;

import com.cove.model.config.Environment;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where people's pictures are that are stored as keys of a bucket. What a client gets is always an address that it can load, or none.
 *
 * @param base what a key is put behind, without a slash at the end; null where there is no bucket, and so no picture for a key
 */
public record PictureConfig(@Nullable String base) {
    private static final String URL = "USER_IMAGE_BUCKET_URL";
    private static final String NAME = "USER_IMAGE_BUCKET_NAME";
    private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
    private static final Pattern REGION = Pattern.compile("[a-z]{2}(?:-[a-z]+)+-\\d{1,2}");
    /** Of S3 itself: the bucket is the first label, or the first segment of the path. */
    private static final Pattern S3_HOST =
            Pattern.compile("(?:(.+)\\.)?s3(?:[.-](?:dualstack\\.)?[a-z0-9-]+)?\\.amazonaws\\.com(?:\\.cn)?");

    private static final Pattern WEB_ADDRESS = Pattern.compile("(?i)https?://.+");
    /** As for addresses in tokens, so that the largest answer stays as large as it is. */
    private static final int MAX_CHARS = 2_048;

    private static final String UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

    /** No bucket: only pictures with an address of their own are shown. */
    public static PictureConfig none() {
        return new PictureConfig(null);
    }

    /**
     * Reads {@code USER_IMAGE_BUCKET_URL}, or else makes the address of the bucket {@code USER_IMAGE_BUCKET_NAME} in
     * {@code AWS_REGION}. Notes problems, without throwing.
     */
    public static PictureConfig from(Environment env) {
        Optional<String> name = env.text(NAME);
        name.filter(bucket -> !BUCKET.matcher(bucket).matches())
                .ifPresent(_ -> env.problem(NAME
                        + " must be the name of an S3 bucket: 3 to 63 lower-case letters, digits, dots and hyphens"));
        Optional<String> url = env.text(URL);
        if (url.isEmpty()) {
            return name.map(bucket -> new PictureConfig(ofBucket(bucket, env))).orElseGet(PictureConfig::none);
        }
        URI address = webAddress(url.get());
        if (address == null) {
            env.problem(URL + " must be an address of the form https://pictures.example.com/folder,"
                    + " without user, query and fragment");
            return none();
        }
        if (name.isPresent() && !bucketOf(address).map(name.get()::equals).orElse(true)) {
            env.problem(
                    URL + " is the address of another bucket than " + NAME + " names: set one of them, or the same");
        }
        return new PictureConfig(address.toASCIIString().replaceFirst("/+$", ""));
    }

    /**
     * The address that a client loads a picture from. A stored address stays as it is; a key is put behind the bucket's, in percent form
     * where a path needs it.
     *
     * @return null where there is no picture, none that could be loaded, or no bucket for the key
     */
    public @Nullable String address(@Nullable String stored) {
        if (stored == null || stored.isBlank()) {
            return null;
        }
        if (WEB_ADDRESS.matcher(stored).matches()) {
            return stored;
        }
        String key = stored.replaceFirst("^/+", "");
        if (base == null || key.isEmpty() || !isWithin(key)) {
            return null;
        }
        String address = base + "/" + encoded(key);
        return address.length() <= MAX_CHARS ? address : null;
    }

    private static @Nullable URI webAddress(String text) {
        try {
            URI address = URI.create(text);
            String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
            boolean plain = address.getRawQuery() == null
                    && address.getRawFragment() == null
                    && address.getRawUserInfo() == null;
            return (scheme.equals("https") || scheme.equals("http")) && address.getHost() != null && plain
                    ? address
                    : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static String ofBucket(String bucket, Environment env) {
        Optional<String> region = env.text("AWS_REGION");
        region.filter(text -> !REGION.matcher(text).matches())
                .ifPresent(_ -> env.problem("AWS_REGION must be the name of a region, such as eu-central-1"));
        String host = "s3" + region.map(text -> "." + text).orElse("") + ".amazonaws.com"
                + (region.filter(text -> text.startsWith("cn-")).isPresent() ? ".cn" : "");
        // The certificate of S3 covers one label before its host.
        return bucket.contains(".") ? "https://" + host + "/" + bucket : "https://" + bucket + "." + host;
    }

    /** Empty where it is no address of S3, such as a CDN's. */
    private static Optional<String> bucketOf(URI address) {
        var host = S3_HOST.matcher(address.getHost().toLowerCase(Locale.ROOT));
        if (!host.matches()) {
            return Optional.empty();
        }
        return Optional.of(
                host.group(1) != null
                        ? host.group(1)
                        : address.getPath().replaceFirst("^/", "").replaceFirst("/.*", ""));
    }

    /** Browsers resolve dots before they ask: such a key would lead out of the bucket's folder. */
    private static boolean isWithin(String key) {
        return Stream.of(key.split("/", -1)).noneMatch(segment -> segment.equals(".") || segment.equals(".."))
                && key.codePoints()
                        .noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE);
    }

    private static String encoded(String key) {
        return key.codePoints().mapToObj(PictureConfig::encoded).collect(Collectors.joining());
    }

    private static String encoded(int codePoint) {
        if (codePoint == '/' || UNRESERVED.indexOf(codePoint) >= 0) {
            return Character.toString(codePoint);
        }
        StringBuilder percent = new StringBuilder();
        for (byte part : Character.toString(codePoint).getBytes(StandardCharsets.UTF_8)) {
            percent.append("%%%02X".formatted(part));
        }
        return percent.toString();
    }
}
