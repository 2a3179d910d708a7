package com.cove.api;

import com.cove.api.hook.Hook;
import com.cove.auth.FakeTokens;
import com.cove.db.Database;
import com.cove.db.DatabaseConfig;

/** Services for tests that look at handlers and call none. */
final class Services {
    static final ApiServices NONE = new ApiServices(
            Database.open(
                    DatabaseConfig.of("postgresql://cove@127.0.0.1:1/cove").withPoolSize(1)),
            new FakeTokens(),
            Hook.none());

    private Services() {}
}
