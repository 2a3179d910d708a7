import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.cove.api.ApiRoutes;
import com.cove.api.ApiServices;
import com.cove.api.http.ApiHandler;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** All endpoints in one function, for the training run: one cache serves whichever function a container becomes. Not in the image. */
public final class Every implements RequestStreamHandler {
    private static final Pattern ROUTE = Pattern.compile("\"routeKey\": \"([^\"]+)\"");

    private final Map<String, ApiHandler> handlers = ApiRoutes.handlers(ApiServices.fromEnvironment());

    @Override
    public void handleRequest(InputStream event, OutputStream answer, Context context) throws IOException {
        byte[] bytes = event.readAllBytes();
        Matcher route = ROUTE.matcher(new String(bytes, StandardCharsets.UTF_8));
        if (!route.find()) {
            throw new IOException("no route");
        }
        handlers.get(route.group(1)).handleRequest(new ByteArrayInputStream(bytes), answer, context);
    }
}
