package com.cove.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RdsRootsTest {
    private static final Pattern NAME = Pattern.compile("(?m)^# (Amazon RDS .+)$");

    private final List<String> names = NAME.matcher(RdsRoots.text())
            .results()
            .map((MatchResult name) -> name.group(1))
            .toList();

    @Test
    void eachIsWhatItsCommentSaysAndSignedItself() throws Exception {
        assertThat(names).hasSizeGreaterThan(80).doesNotHaveDuplicates();
        for (String name : names) {
            X509Certificate root = RdsRoots.named(Stream.of("C=US,CN=" + name)).getFirst();
            assertThat(root.getSubjectX500Principal().getName())
                    .contains("CN=" + name + ",", "O=Amazon Web Services\\, Inc.");
            assertThat(root.getBasicConstraints()).as("an authority").isNotNegative();
            root.verify(root.getPublicKey());
            root.checkValidity();
        }
    }

    @Test
    void theUsualRegionsHaveTheirs() {
        assertThat(names)
                .contains(
                        "Amazon RDS us-east-1 Root CA RSA2048 G1",
                        "Amazon RDS eu-central-1 Root CA RSA4096 G1",
                        "Amazon RDS eu-west-1 Root CA ECC384 G1");
    }

    @Test
    void ofOtherAuthoritiesNothingIsRead() throws Exception {
        assertThat(RdsRoots.named(Stream.of("CN=ISRG Root X1,O=Internet Security Research Group,C=US")))
                .isEmpty();
        assertThat(RdsRoots.named(Stream.of("CN=Amazon RDS nowhere Root CA"))).isEmpty();
    }
}
