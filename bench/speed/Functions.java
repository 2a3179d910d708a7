import com.cove.api.ApiRoutes;
import com.cove.api.ApiServices;
import com.cove.local.gateway.Gateway;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;

/** The handlers of the functions behind the gateway of local mode, wired as in AWS: with tokens that Google's keys are to have signed. */
final class Functions {
    public static void main(String[] port) throws Exception {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port[0]));
        Gateway.start(address, ApiRoutes.handlers(ApiServices.fromEnvironment()), null, Clock.systemUTC());
    }
}
