package dev.smskit.phone.connection;

import java.util.List;

/** What the phone tells of itself in {@code hello} and {@code heartbeat}. */
public interface Device {
    /** Jobs that the server may give a SIM before it has sent them. */
    int WINDOW = 3;

    /** A SIM of the phone; {@code carrierName} and {@code phoneNumber} may be null. */
    record Sim(int simSlot, String carrierName, String phoneNumber) {
        /** Without the number: it may get into a log. */
        @Override
        public String toString() {
            return "Sim[" + simSlot + "]";
        }
    }

    /** Each may be null where the phone doesn't know it. */
    record Vitals(Integer batteryLevel, Boolean isCharging, String networkType, Integer signalStrength) {
    }

    String appVersion();

    /** The SIMs that are in the phone and that the operator lets it use. */
    List<Sim> sims();

    Vitals vitals();

    /** Whether that SIM could send now. */
    boolean isReady(int simSlot);
}
