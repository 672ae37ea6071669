import io.grpc.Status;
import io.spiffe.bundle.jwtbundle.JwtBundle;
import io.spiffe.spiffeid.SpiffeId;
import io.spiffe.spiffeid.TrustDomain;
import io.spiffe.svid.jwtsvid.JwtSvid;
import io.spiffe.workloadapi.DefaultJwtSource;
import io.spiffe.workloadapi.DefaultWorkloadApiClient;
import io.spiffe.workloadapi.JwtSource;
import io.spiffe.workloadapi.JwtSourceOptions;
import io.spiffe.workloadapi.WorkloadApiClient;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;

/** A workload on java-spiffe, as a stranger would write it. It reads commands from its input: ../README.md. */
public final class Workload {
  private final WorkloadApiClient client = DefaultWorkloadApiClient.newClient();
  private final JwtSource source =
      DefaultJwtSource.newSource(JwtSourceOptions.builder().initTimeout(Duration.ofSeconds(10)).build());

  private Workload() throws Exception {}

  public static void main(String[] args) throws Exception {
    Workload workload = new Workload();
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      System.out.println(workload.reply(line.split(" ")));
    }
    workload.source.close();
    workload.client.close();
    System.exit(0); // The library's threads would keep the process.
  }

  private String reply(String[] words) {
    try {
      return "{\"ok\":" + act(words) + "}";
    } catch (Exception error) {
      Throwable root = error;
      while (root.getCause() != null) root = root.getCause();
      Status status = Status.fromThrowable(error);
      String text = status.getDescription() == null ? root.getMessage() : status.getDescription();
      return "{\"code\":" + quoted(status.getCode().name()) + ",\"message\":" + quoted(text) + "}";
    }
  }

  private String act(String[] words) throws Exception {
    switch (words[0]) {
      case "fetch":
        return fetch(words);
      case "judge":
        return told(JwtSvid.parseAndValidate(words[2], source, Set.of(words[1])));
      case "validate":
        return told(client.validateJwtSvid(words[2], words[1]));
      case "bundles":
        return client.fetchJwtBundles().getBundles().values().stream()
            .map(bundle -> quoted("spiffe://" + bundle.getTrustDomain().getName()) + ":" + keys(bundle))
            .collect(Collectors.joining(",", "{", "}"));
      case "source":
        return "{\"keys\":" + keys(source.getBundleForTrustDomain(TrustDomain.parse(words[1]))) + "}";
      case "x509":
        client.fetchX509Context();
        return "{}";
      case "x509-bundles":
        client.fetchX509Bundles();
        return "{}";
      default:
        throw new IllegalArgumentException("no such command");
    }
  }

  private String fetch(String[] words) throws Exception {
    String[] audiences = words[1].split(",");
    String[] others = Arrays.copyOfRange(audiences, 1, audiences.length);
    return told(
        words.length > 2
            ? source.fetchJwtSvid(SpiffeId.parse(words[2]), audiences[0], others)
            : source.fetchJwtSvid(audiences[0], others));
  }

  private static String told(JwtSvid svid) {
    return "{\"id\":" + quoted(svid.getSpiffeId().toString())
        + ",\"audience\":" + list(svid.getAudience())
        + ",\"token\":" + quoted(svid.marshal()) + "}";
  }

  private static String keys(JwtBundle bundle) {
    return list(bundle.getJwtAuthorities().keySet());
  }

  private static String list(Collection<String> texts) {
    return texts.stream().sorted().map(Workload::quoted).collect(Collectors.joining(",", "[", "]"));
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replaceAll("\\p{Cntrl}", " ") + "\"";
  }
}
