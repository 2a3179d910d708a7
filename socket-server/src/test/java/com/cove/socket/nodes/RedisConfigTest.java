package com.cove.socket.nodes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.cove.model.config.ConfigException;
import com.cove.model.config.Environment;
import com.cove.socket.nodes.RedisConfig.Host;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedisConfigTest {
    @Test
    void withoutItThereIsNone() {
        assertThat(RedisConfig.from(new Environment(Map.of()))).isEmpty();
        assertThat(RedisConfig.from(new Environment(Map.of("REDIS_URL", " ")))).isEmpty();
    }

    @Test
    void oneServer() {
        assertThat(read("redis://cache")).isEqualTo(config(List.of(new Host("cache", 6379)), false, "", "", false));
        assertThat(read("rediss://:se%40cret@10.0.0.1:7000/"))
                .isEqualTo(config(List.of(new Host("10.0.0.1", 7000)), true, "", "se@cret", false));
        assertThat(read("redis://secret@[::1]:7000"))
                .isEqualTo(config(List.of(new Host("::1", 7000)), false, "", "secret", false));
        assertThat(read("rediss://cove:a+b:c%2F@cache.example.com"))
                .isEqualTo(config(List.of(new Host("cache.example.com", 6379)), true, "cove", "a+b:c/", false));
    }

    @Test
    void aCluster() {
        assertThat(read("rediss://clustercfg.example.com:6379?cluster=true"))
                .isEqualTo(config(List.of(new Host("clustercfg.example.com", 6379)), true, "", "", true));
        assertThat(read("redis://one:7001,two:7002"))
                .isEqualTo(config(List.of(new Host("one", 7001), new Host("two", 7002)), false, "", "", true));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cache:6379",
                "http://:secret@cache",
                "redis://",
                "redis://:secret@",
                "redis://:secret@cache:0",
                "redis://:secret@cache:65536",
                "redis://:secret@cache:port",
                "redis://:secret@one,,two",
                "redis://:secret@cache/1",
                "redis://:secret@cache?ssl=true",
                "redis://:secret@cache?cluster=yes",
                "redis://:secret%@cache",
                "redis://:secret%zz@cache",
                "redis://:secret/more@cache",
                "redis://user:@cache",
                "redis://:secret@cache#fragment"
            })
    void whatIsWrongIsSaidInOneSentenceWithoutTheSecret(String url) {
        Environment env = new Environment(Map.of("REDIS_URL", url));

        Optional<RedisConfig> config = RedisConfig.from(env);

        assertThat(config).isEmpty();
        ConfigException problems = catchThrowableOfType(ConfigException.class, env::check);
        assertThat(problems.problems()).singleElement().asString().startsWith("REDIS_URL ");
        assertThat(problems).hasMessageNotContainingAny("secret", "cache", "user:@");
    }

    @Test
    void itShowsNoPassword() {
        assertThat(read("redis://cove:secret@cache").toString()).doesNotContain("secret");
    }

    private static RedisConfig config(List<Host> hosts, boolean tls, String user, String password, boolean cluster) {
        return new RedisConfig(hosts, tls, user, password, cluster);
    }

    private static RedisConfig read(String url) {
        Environment env = new Environment(Map.of("REDIS_URL", url));
        Optional<RedisConfig> config = RedisConfig.from(env);
        env.check();
        return config.orElseThrow();
    }
}
