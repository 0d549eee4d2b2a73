package dev.roundtrip.local.iot.provisioning;

import dev.roundtrip.local.http.operation.Operation;
import dev.roundtrip.local.store.table.Table;
import dev.roundtrip.local.store.table.TableStore.Snapshot;
import dev.roundtrip.local.time.Timetable;
import dev.roundtrip.mqtt.ReservedTopicService;
import java.util.ArrayList;
import java.util.List;

/** Fleet provisioning of AWS IoT. Thread-safe. */
public final class ProvisioningService {
    private final ProvisioningEnvironment around;
    private final Templates templates;
    private final Claims claims;
    private final NewCertificates certificates;

    private ProvisioningService(ProvisioningEnvironment around) {
        this.around = around;
        Timetable<ProvisioningTask> timetable = new Timetable<>(
                ProvisioningTask.class, new Table("provisioning_timetable"), around.store(), around.clock(), this::due);
        this.templates = new Templates(around);
        this.claims = new Claims(around, templates, timetable);
        this.certificates = new NewCertificates(around, timetable);
        timetable.start();
    }

    /** Starts the service, with what became due while it was away. */
    public static ProvisioningService start(ProvisioningEnvironment around) {
        return new ProvisioningService(around);
    }

    private void due(ProvisioningTask task, String subject) {
        switch (task) {
            case END_CLAIM -> claims.end(subject);
            case END_TOKEN -> certificates.endToken(subject);
        }
    }

    /** The operations of the control plane. */
    public List<Operation> operations() {
        List<Operation> operations = new ArrayList<>(new TemplateOperations(templates, around.clock()).operations());
        operations.addAll(new TemplateVersionOperations(templates).operations());
        operations.add(claims.operation());
        operations.add(new RegisterOperation(around).operation());
        return operations;
    }

    /** What takes the requests of devices over MQTT. */
    public ReservedTopicService topics() {
        return new ProvisioningTopics(certificates, new FleetRegistrations(around));
    }

    /** Whether there is a template of this name, which may have tags. */
    public static boolean has(Snapshot rows, String name) {
        return Templates.find(rows, name).isPresent();
    }
}
