import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** An application behind the gateway: it verifies the assertion, and answers with who called. */
public class Application {
  public static void main(String[] args) throws Exception {
    String issuer = System.getenv("ISSUER");
    // Fetches the keys when it first needs them, and again when an assertion names a key that it does not know.
    var keys = JWKSourceBuilder.create(URI.create(issuer + "/.well-known/jwks.json").toURL()).build();
    var processor = new DefaultJWTProcessor<SecurityContext>();
    processor.setJWSKeySelector(
        new JWSVerificationKeySelector<>(Set.of(JWSAlgorithm.ES256, JWSAlgorithm.RS256), keys));
    processor.setJWTClaimsSetVerifier(
        new DefaultJWTClaimsVerifier<>(
            System.getenv("AUDIENCE"),
            new JWTClaimsSet.Builder().issuer(issuer).build(),
            Set.of("exp", "sub")));

    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(System.getenv("PORT")));
    HttpServer server = HttpServer.create(address, 0);
    server.createContext("/", exchange -> {
      try {
        String assertion = exchange.getRequestHeaders().getFirst("Svid-Jwt-Assertion");
        JWTClaimsSet claims = processor.process(assertion == null ? "" : assertion, null);
        Map<String, Object> caller = new LinkedHashMap<>();
        caller.put("caller", claims.getSubject());
        caller.put("roles", claims.getClaim("roles"));
        caller.put("traits", claims.getClaim("traits"));
        answer(exchange, 200, JSONObjectUtils.toJSONString(caller));
      } catch (Exception refused) {
        answer(exchange, 403, "There is no assertion that holds.\n");
      }
    });
    server.start();
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }
}
