package com.cove.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.model.config.AwsSecret;
import com.cove.model.config.ConfigException;
import com.cove.model.config.Environment;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AwsSecretTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "arn:aws:secretsmanager:eu-central-1:123456789012:secret:rds!cluster-1-AbCdEf",
                "arn:aws:secretsmanager:eu-central-1:123456789012:secret:cove/db-AbCdEf",
                "arn:aws-cn:secretsmanager:cn-north-1:123456789012:secret:db",
                "arn:aws-us-gov:secretsmanager:us-gov-west-1:123456789012:secret:db@x+y=z.w_v-AbCdEf",
            })
    void anArnSaysItsRegion(String arn) {
        Environment env = new Environment(Map.of("THE_SECRET", arn));

        Optional<AwsSecret> secret = AwsSecret.from(env, "THE_SECRET");

        env.check();
        assertThat(secret).map(AwsSecret::id).hasValue(arn);
        assertThat(secret.flatMap(AwsSecret::region)).hasValue(arn.split(":", -1)[3]);
    }

    @Test
    void aNameNeedsARegionFromElsewhere() {
        Environment env = new Environment(Map.of("THE_SECRET", "cove/db", "AWS_REGION", "eu-central-1"));

        assertThat(AwsSecret.from(env, "THE_SECRET").flatMap(AwsSecret::region)).isEmpty();
        assertThat(AwsSecret.from(env, "ANOTHER")).isEmpty();
        env.check();
        assertThat(problems("cove/db"))
                .singleElement()
                .asString()
                .startsWith("THE_SECRET ")
                .contains("AWS_REGION");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hunter2 hunter2",
                "{\"password\": \"hunter2\"}",
                "arn:aws:rds:eu-central-1:123456789012:db:hunter2",
                "arn:aws:secretsmanager:eu-central-1:12:secret:hunter2",
                "arn:aws:secretsmanager:eu-central-1:123456789012:hunter2",
            })
    void whatNamesNoSecretIsAProblemThatShowsNothing(String value) {
        assertThat(problems(value))
                .containsExactly(
                        "THE_SECRET must be the ARN or the name of a secret of AWS Secrets Manager, not what is in it");
    }

    private static List<String> problems(String value) {
        Environment env = new Environment(Map.of("THE_SECRET", value));
        AwsSecret.from(env, "THE_SECRET");
        try {
            env.check();
            return List.of();
        } catch (ConfigException e) {
            return e.problems();
        }
    }
}
