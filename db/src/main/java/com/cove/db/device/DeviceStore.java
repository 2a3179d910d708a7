package com.cove.db.device;

import com.cove.db.sql.Transactions;
import com.cove.model.device.UpdateFcmToken;
import com.cove.model.user.UserId;
import java.util.Objects;

/** The devices that pushes go to. */
public final class DeviceStore {
    /** Each costs a request for each push. Of more, the one that was registered longest ago is forgotten. */
    static final int MAX_DEVICES = 20;

    private final Transactions transactions;

    public DeviceStore(Transactions transactions) {
        this.transactions = transactions;
    }

    /**
     * Sets or forgets the token of one of the user's devices. A token stands for one installation of the app: where it
     * comes with another user or device it leaves the first, who would otherwise get a stranger's pushes. The same token again
     * renews it.
     */
    public void update(UserId user, UpdateFcmToken request) {
        String device = Objects.requireNonNull(request.deviceId());
        String token = request.fcmToken();
        transactions.run(handle -> {
            DeviceDao dao = new DeviceDao(handle);
            if (token == null) {
                dao.remove(user.value(), device);
            } else if (dao.renew(user.value(), device, token) == 0) {
                dao.takeTurn(token);
                dao.removeElsewhere(user.value(), device, token);
                dao.put(user.value(), device, token);
                dao.removeBeyond(user.value(), MAX_DEVICES);
            }
            return true;
        });
    }
}
