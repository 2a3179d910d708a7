package com.cove.db.device;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.db.Conversation;
import com.cove.db.TestDatabase;
import com.cove.db.TestDatabaseExtension;
import com.cove.model.device.UpdateFcmToken;
import com.cove.model.user.UserId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestDatabaseExtension.class)
class DeviceStoreTest {
    private final TestDatabase test;
    private final UserId ann;
    private final UserId bob;

    DeviceStoreTest(TestDatabase test) {
        this.test = test;
        this.ann = test.user("ann");
        this.bob = test.user("bob");
    }

    @Test
    void aDeviceHasOneTokenAndAUserManyDevices() {
        update(ann, "old", null);
        update(ann, "new", null);
        update(ann, "tablet's", "tablet");
        assertThat(devices()).isEqualTo("ann/default/new, ann/tablet/tablet's");
    }

    @Test
    void aTokenLeavesTheUserItHadBefore() {
        update(ann, "token", "phone");
        update(bob, "token", "phone");
        assertThat(devices()).isEqualTo("bob/phone/token");
        update(bob, "token", "same phone, installed again");
        assertThat(devices()).isEqualTo("bob/same phone, installed again/token");
    }

    @Test
    void aForgottenDeviceIsGoneAndForgettingItAgainIsNoError() {
        update(ann, "token", "phone");
        update(ann, "other", "tablet");
        update(ann, null, "phone");
        update(ann, null, "phone");
        assertThat(devices()).isEqualTo("ann/tablet/other");
    }

    @Test
    void ofTooManyDevicesTheOneThatRegisteredLongestAgoIsForgotten() {
        for (int n = 0; n < DeviceStore.MAX_DEVICES; n++) {
            update(ann, "token" + n, "device" + n);
        }
        test.execute("UPDATE device SET updated_at = updated_at - interval '1 day' WHERE device_id <> 'device7'");
        update(ann, "token7", "device7");
        test.execute("UPDATE device SET updated_at = updated_at - interval '2 days' WHERE device_id = 'device3'");
        update(bob, "bob's", "phone");

        update(ann, "one more", "new");

        assertThat(devices())
                .contains("ann/new/one more", "ann/device7/token7", "bob/phone/bob's")
                .doesNotContain("device3/");
        assertThat(test.ask("SELECT count(*) FROM device WHERE user_id = 'ann'"))
                .isEqualTo(Integer.toString(DeviceStore.MAX_DEVICES));
    }

    @Test
    void aTokenOfFullLengthFits() {
        // Random, since an index would hold a repetitive one compressed.
        String token = new Random(4_096)
                .ints(4_096, 'a', 'z' + 1)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        update(ann, token, "d".repeat(128));
        assertThat(test.ask("SELECT char_length(fcm_token) FROM device")).isEqualTo("4096");
    }

    @Test
    void aTokenClaimedByManyAtOnceHasOneOwner() throws Exception {
        List<UserId> users = new ArrayList<>();
        for (int n = 0; n < 8; n++) {
            users.add(test.user("user" + n));
        }
        for (int round = 0; round < 5; round++) {
            String token = "token" + round;
            List<Callable<Boolean>> claims = new ArrayList<>();
            users.forEach(user -> claims.add(() -> {
                update(user, token, "phone");
                return true;
            }));
            Conversation.atOnce(claims);
            assertThat(test.ask("SELECT count(*) FROM device WHERE fcm_token = '" + token + "'"))
                    .isEqualTo("1");
        }
    }

    private void update(UserId user, @Nullable String token, @Nullable String device) {
        test.database().devices().update(user, new UpdateFcmToken(token, device));
    }

    private String devices() {
        return test.ask(
                "SELECT string_agg(user_id || '/' || device_id || '/' || fcm_token, ', ' ORDER BY user_id, device_id) FROM device");
    }
}
