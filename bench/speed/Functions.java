import com.cove.api.ApiConfig;
import com.cove.api.ApiRoutes;
import com.cove.api.ApiServices;
import com.cove.api.hook.Hook;
import com.cove.auth.FirebaseTokenVerifier;
import com.cove.db.Database;
import com.cove.local.gateway.Gateway;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;

/**
 * The handlers of the functions behind the gateway of local mode, wired as in AWS: with tokens that Google's keys are to have signed. But for
 * connections: there each call under way has a process to itself, with its own.
 */
final class Functions {
    /** As the peer has. */
    private static final int CONNECTIONS = 10;

    public static void main(String[] port) throws Exception {
        ApiConfig config = ApiConfig.fromEnvironment(System.getenv());
        Clock clock = Clock.systemUTC();
        Database database = Database.open(config.database().withPoolSize(CONNECTIONS), config.pictures());
        ApiServices services = new ApiServices(
                database,
                new FirebaseTokenVerifier(config.firebase().projectId(), database.keys(), clock),
                Hook.none());
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port[0]));
        Gateway.start(address, ApiRoutes.handlers(services), null, clock);
    }
}
